package io.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dialogues of switchover and failover: order, words, requests and exit codes. */
class SwitchoverTest {
    private static final String WHEN =
            "When should the switchover take place (e.g. 2026-11-23T13:00 )  [now]: ";
    private static final String SURE =
            "Are you sure you want to switchover cluster demo, demoting current leader pg1? [y/N]:"
                    + " ";
    private static final String STAMP = "2026-11-23 12:00:00.12345 ";

    private CtlRun ctl;

    @BeforeEach
    void open() throws IOException {
        ctl = new CtlRun().threeMembers();
    }

    @AfterEach
    void close() {
        ctl.close();
    }

    private static String table(CtlRun ctl) {
        return ctl.run("", "list").out();
    }

    @Test
    void asksForLeaderCandidateTimeAndConsent() {
        ctl.answers("POST /switchover", 200, "Successfully switched over to \"pg2\"");
        String table = table(ctl);
        CtlRun.Result result = ctl.run("\npg2\n\ny\n", "switchover", "demo");
        assertThat(result.out())
                .isEqualTo(
                        "Current cluster topology\n"
                                + table
                                + "Primary [pg1]: "
                                + "Candidate ['pg2', 'pg3'] []: "
                                + WHEN
                                + SURE
                                + STAMP
                                + "Successfully switched over to \"pg2\"\n"
                                + table);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(ctl.requests)
                .containsExactly("POST /switchover {\"candidate\": \"pg2\", \"leader\": \"pg1\"}");
    }

    @Test
    void forceAsksNothingAndLeavesTheCandidateOpen() {
        ctl.answers("POST /switchover", 200, "Successfully switched over to \"pg3\"");
        CtlRun.Result result = ctl.run("", "switchover", "--force");
        assertThat(result.code()).isZero();
        assertThat(result.out()).doesNotContain("[y/N]");
        assertThat(ctl.requests)
                .containsExactly("POST /switchover {\"candidate\": null, \"leader\": \"pg1\"}");
    }

    @Test
    void schedulesWithTheLocalZone() {
        ctl.answers("POST /switchover", 202, "Switchover scheduled");
        CtlRun.Result result =
                ctl.run(
                        "y\n",
                        "switchover",
                        "--leader",
                        "pg1",
                        "--candidate",
                        "pg2",
                        "--scheduled",
                        "2026-11-24T04:26");
        assertThat(result.out())
                .contains(
                        "Are you sure you want to schedule switchover of cluster demo at"
                                + " 2026-11-24T04:26:00+00:00, demoting current leader pg1? [y/N]:"
                                + " "
                                + STAMP
                                + "Switchover scheduled\n");
        assertThat(ctl.requests)
                .containsExactly(
                        "POST /switchover {\"candidate\": \"pg2\", \"leader\": \"pg1\","
                                + " \"scheduled_at\": \"2026-11-24T04:26:00+00:00\"}");
    }

    @Test
    void aStandbyClusterHasAStandbyLeader() {
        ctl.key("config", "{\"standby_cluster\":{\"host\":\"10.0.0.9\"}}");
        assertThat(ctl.run("", "switchover").out()).endsWith("Standby Leader [pg1]: ");
    }

    @Test
    void endOfInputAborts() {
        CtlRun.Result result = ctl.run("\n", "switchover");
        assertThat(result.out()).endsWith("Candidate ['pg2', 'pg3'] []: ");
        assertThat(result.err()).isEqualTo("Aborted!\n");
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void noIsAnError() {
        assertError(
                "Aborting switchover",
                "n\n",
                "switchover",
                "--leader",
                "pg1",
                "--candidate",
                "pg2",
                "--scheduled",
                "now");
        assertError(
                "Aborting scheduled switchover",
                "\n",
                "switchover",
                "--leader",
                "pg1",
                "--candidate",
                "pg2",
                "--scheduled",
                "2026-11-24T04:26Z");
        assertThat(ctl.requests).isEmpty();
    }

    @Test
    void anUnclearAnswerIsAskedAgain() {
        CtlRun.Result result =
                ctl.run(
                        "perhaps\nNO\n",
                        "switchover",
                        "--leader",
                        "pg1",
                        "--candidate",
                        "pg2",
                        "--scheduled",
                        "now");
        assertThat(result.out()).endsWith(SURE + "Error: invalid input\n" + SURE);
    }

    @Test
    void wrongNamesAreRefusedBeforeAnythingIsSent() {
        assertError("Member pg2 is not the leader of cluster demo", "pg2\n", "switchover");
        assertError("Member pg1 is already the leader of cluster demo", "\npg1\n", "switchover");
        assertError(
                "Member x does not exist in cluster demo or is tagged as nofailover",
                "",
                "failover",
                "--candidate",
                "x");
        assertError("Failover could be performed only to a specific candidate", "\n", "failover");
        assertError(
                "Unable to parse scheduled timestamp (soon). It should be in an unambiguous format"
                        + " (e.g. ISO 8601)",
                "",
                "switchover",
                "--force",
                "--scheduled",
                "soon");
        assertThat(ctl.requests).isEmpty();
    }

    @Test
    void aTaggedMemberIsNoCandidate() {
        ctl.member("pg2", 15432, "\"state\":\"running\",\"tags\":{\"nofailover\":true}")
                .member("pg3", 15433, "\"state\":\"running\",\"tags\":{\"nofailover\":true}");
        assertError("No candidates found to switchover to", "\n", "switchover");
        assertError("No candidates found to failover to", "\n", "failover");
    }

    @Test
    void withoutALeaderThereIsNothingToHandOver() {
        ctl.store.delete(CtlRun.scope("demo"), "leader");
        assertError("This cluster has no leader", "", "switchover");
    }

    @Test
    void inPauseNothingIsScheduled() {
        ctl.key("config", "{\"pause\":true}");
        assertError(
                "Can't schedule switchover in the paused state",
                "",
                "switchover",
                "--force",
                "--scheduled",
                "2026-11-24T04:26Z");
    }

    @Test
    void failoverWithoutALeaderGoesToTheCandidate() {
        ctl.store.delete(CtlRun.scope("demo"), "leader");
        ctl.answers("POST /failover", 200, "Successfully failed over to \"pg2\"");
        CtlRun.Result result = ctl.run("pg2\ny\n", "failover", "demo");
        assertThat(result.out())
                .contains(
                        "Candidate ['pg1', 'pg2', 'pg3'] []: Are you sure you want to failover"
                                + " cluster demo? [y/N]: "
                                + STAMP
                                + "Successfully failed over to \"pg2\"\n");
        assertThat(ctl.requests).containsExactly("POST /failover {\"candidate\": \"pg2\"}");
    }

    @Test
    void failoverToAnAsynchronousMemberIsAskedTwice() {
        ctl.key("config", "{\"synchronous_mode\":true}")
                .key("sync", "{\"leader\":\"pg1\",\"sync_standby\":\"pg2\"}");
        CtlRun.Result result = ctl.run("pg3\nn\n", "failover");
        assertThat(result.out())
                .endsWith(
                        "Are you sure you want to failover to the asynchronous node pg3? [y/N]: ");
        assertThat(result.err()).isEqualTo("Error: Aborting failover\n");
    }

    @Test
    void aRefusalIsToldAndCountedByName() {
        String refusal = "switchover is not possible: no good candidates have been found";
        ctl.answers("POST /switchover", 412, refusal);
        CtlRun.Result peer = ctl.run("", "switchover", "--force");
        assertThat(peer.out()).endsWith("Switchover failed, details: 412, " + refusal + "\n");
        assertThat(peer.code()).isZero();
        assertThat(ctl.run("", "--strict-exit", "switchover", "--force").code()).isEqualTo(3);
        ctl.environment.put("PATRONICTL_STRICT_EXIT", "1");
        assertThat(ctl.run("", "switchover", "--force").code()).isEqualTo(3);
        ctl.environment.clear();
        ctl.calledAs("matriarchctl");
        assertThat(ctl.run("", "switchover", "--force").code()).isEqualTo(3);
        assertThat(ctl.run("", "--no-strict-exit", "switchover", "--force").code()).isZero();
    }

    @Test
    void anUnknownResultIsNoFailure() {
        ctl.answers(
                "POST /switchover",
                503,
                "Switchover status unknown after 20 seconds; operation may still be in progress");
        CtlRun.Result result = ctl.calledAs("matriarchctl").run("", "switchover", "--force");
        assertThat(result.out()).contains("Switchover result unknown, details: 503, ");
        assertThat(result.code()).isEqualTo(4);
    }

    @Test
    void refusedCredentialsNameTheKeyToSet() {
        ctl.answers("POST /switchover", 401, "no auth header received");
        CtlRun.Result result = ctl.run("", "switchover", "--force");
        assertThat(result.out())
                .endsWith("Switchover failed, details: 401, no auth header received\n");
        assertThat(result.err()).contains("ctl.authentication");
    }

    @Test
    void anOldServerIsAskedOnItsOtherPath() {
        ctl.answers("POST /switchover", 501, "Server does not support this operation")
                .answers("POST /failover", 200, "Successfully switched over to \"pg2\"");
        assertThat(ctl.run("", "switchover", "--force").code()).isZero();
        assertThat(ctl.requests).hasSize(2);
    }

    @Test
    void withNoMemberToAskTheRequestGoesIntoTheStore() {
        ctl.stopApi();
        CtlRun.Result result = ctl.run("", "switchover", "--force", "--candidate", "pg2", "demo");
        assertThat(result.out())
                .contains(
                        STAMP
                                + "Could not switchover using Patroni api, falling back to DCS\n"
                                + "+ Cluster: demo");
        assertThat(result.err()).endsWith("Failing over to DCS\n");
        assertThat(result.code()).isZero();
        assertThat(ctl.stored("failover").orElseThrow())
                .contains("\"leader\":\"pg1\"", "\"member\":\"pg2\"");
    }

    private void assertError(String message, String input, String... arguments) {
        CtlRun.Result result = ctl.run(input, arguments);
        assertThat(result.err()).isEqualTo("Error: " + message + "\n");
        assertThat(result.code()).isEqualTo(1);
    }
}
