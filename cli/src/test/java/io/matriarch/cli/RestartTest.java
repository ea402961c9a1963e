package io.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands that select members: restart, reload, reinit, flush; and version. */
class RestartTest {
    private CtlRun ctl;

    @BeforeEach
    void open() throws IOException {
        ctl = new CtlRun().threeMembers();
    }

    @AfterEach
    void close() {
        ctl.close();
    }

    @Test
    void asksForTimeConsentAndVersion() {
        ctl.answers("POST /restart", 200, "restarted successfully");
        String table = ctl.run("", "list").out();
        CtlRun.Result result = ctl.run("\ny\n\n", "restart", "demo", "pg3");
        assertThat(result.out())
                .isEqualTo(
                        table
                                + "When should the restart take place (e.g. 2026-11-23T13:00) "
                                + " [now]: Are you sure you want to restart members pg3? [y/N]: "
                                + "Restart if the PostgreSQL version is less than provided (e.g."
                                + " 9.5.2)  []: Success: restart on member pg3\n");
        assertThat(ctl.requests).containsExactly("POST /restart {}");
    }

    @Test
    void allMembersAreRestartedInTheStoresOrder() {
        ctl.answers("POST /restart", 200, "restarted successfully");
        assertThat(ctl.run("", "restart", "demo", "--force").out())
                .endsWith(
                        "Success: restart on member pg1\nSuccess: restart on member pg2\n"
                                + "Success: restart on member pg3\n");
    }

    @Test
    void aScheduledRestartCarriesItsConditions() {
        ctl.answers("POST /restart", 202, "Restart scheduled");
        CtlRun.Result result =
                ctl.run(
                        "y\n15.9\n",
                        "restart",
                        "demo",
                        "pg3",
                        "--pending",
                        "--timeout",
                        "60",
                        "--scheduled",
                        "2026-11-23 13:28");
        assertThat(result.out())
                .contains("that have a pending restart at 2026-11-23 13:28:00+00:00 (they")
                .endsWith("Success: restart scheduled on member pg3\n");
        assertThat(ctl.requests)
                .containsExactly(
                        "POST /restart {\"restart_pending\": true, \"postgres_version\": \"15.9\","
                                + " \"schedule\": \"2026-11-23T13:28:00+00:00\", \"timeout\":"
                                + " \"60\"}");
    }

    @Test
    void theQuestionOfAScheduledRestartNamesTheTime() {
        CtlRun.Result result = ctl.run("2026-11-23T13:28\nn\n", "restart", "demo", "pg3");
        assertThat(result.out())
                .endsWith(
                        "Are you sure you want to schedule restart of members pg3 at 2026-11-23"
                                + " 13:28:00+00:00? [y/N]: ");
        assertThat(result.err()).isEqualTo("Error: Aborted scheduled restart\n");
    }

    @Test
    void pendingWithoutAFlagIsSilent() {
        String table = ctl.run("", "list").out();
        CtlRun.Result result = ctl.run("", "restart", "demo", "--pending", "--force");
        assertThat(result.out()).isEqualTo(table);
        assertThat(result.code()).isZero();
        assertThat(ctl.requests).isEmpty();
    }

    @Test
    void pendingTakesTheFlagOfOldDaemonsToo() {
        ctl.member("pg2", 15432, "\"state\":\"running\",\"pending_restart\":true")
                .answers("POST /restart", 200, "restarted successfully");
        CtlRun.Result result = ctl.run("", "restart", "demo", "--pending", "--force");
        assertThat(result.out())
                .contains("| Pending restart |")
                .endsWith("+\nSuccess: restart on member pg2\n");
        assertThat(ctl.requests).containsExactly("POST /restart {\"restart_pending\": true}");
    }

    @Test
    void forceReplacesAScheduledRestart() {
        ctl.member(
                        "pg3",
                        15433,
                        "\"state\":\"running\",\"role\":\"replica\",\"scheduled_restart\":"
                                + "{\"schedule\":\"2026-11-23T14:00:00+00:00\","
                                + "\"postmaster_start_time\":\"x\"}")
                .answers("DELETE /restart", 200, "scheduled restart deleted")
                .answers("POST /restart", 202, "Restart scheduled");
        CtlRun.Result result =
                ctl.run(
                        "",
                        "restart",
                        "demo",
                        "pg3",
                        "--force",
                        "--scheduled",
                        "2026-11-23T15:00Z");
        assertThat(result.out())
                .endsWith(
                        "Success: flush scheduled restart for member pg3\n"
                                + "Success: restart scheduled on member pg3\n");
    }

    @Test
    void refusalsAreToldAndTheWorstCounts() {
        ctl.calledAs("matriarchctl")
                .answers("POST /restart", 503, "restart conditions are not satisfied");
        CtlRun.Result refused = ctl.run("", "restart", "demo", "pg3", "--force");
        assertThat(refused.out())
                .endsWith(
                        "Failed: restart for member pg3, status code=503, (restart conditions are"
                                + " not satisfied)\n");
        assertThat(refused.code()).isEqualTo(3);
        ctl.answers("POST /restart", 409, "Another restart is already scheduled");
        assertThat(ctl.run("", "restart", "demo", "pg3", "--force").out())
                .endsWith("Failed: another restart is already scheduled on member pg3\n");
        ctl.stopApi();
        CtlRun.Result unreachable = ctl.run("", "restart", "demo", "pg3", "--force");
        assertThat(unreachable.out()).contains("Failed: restart for member pg3, http://127.0.0.1:");
        assertThat(unreachable.code()).isEqualTo(3);
    }

    @Test
    void impossibleSelectionsAreErrors() {
        assertError("No 'any' among provided members", "restart", "demo", "nobody");
        assertError(
                "No 'replica' among provided members", "restart", "demo", "pg1", "-r", "replica");
        assertError("No replica among provided members", "reinit", "demo", "pg1");
        assertError("nowhere cluster doesn't have any members", "restart", "nowhere");
        assertError(
                "Invalid PostgreSQL version: abc",
                "restart",
                "demo",
                "--force",
                "--pg-version",
                "abc");
        assertError(
                "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: 15",
                "restart",
                "demo",
                "--force",
                "--pg-version",
                "15");
        ctl.key("config", "{\"pause\":true}");
        assertError(
                "Can't schedule restart in the paused state",
                "restart",
                "demo",
                "--force",
                "--scheduled",
                "2026-11-23T13:00Z");
        assertThat(ctl.requests).isEmpty();
    }

    @Test
    void aMissingClusterIsWrongUsage() {
        CtlRun.Result result = ctl.run("", "restart");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("Try 'patronictl restart --help' for help.\n\nError: ");
    }

    @Test
    void reinitAsksWhichMember() {
        ctl.answers("POST /reinitialize", 200, "reinitialize started");
        CtlRun.Result result = ctl.run("pg3\ny\n", "reinit", "demo");
        assertThat(result.out())
                .endsWith(
                        "Which member do you want to reinitialize [pg2, pg3]? []: Are you sure you"
                                + " want to reinitialize members pg3? [y/N]: Success: reinitialize for"
                                + " member pg3\n");
        assertThat(ctl.requests)
                .containsExactly("POST /reinitialize {\"force\": false, \"from_leader\": false}");
    }

    @Test
    void reinitCancelsAnotherActionOnlyWhenToldTo() {
        ctl.answers("POST /reinitialize", 503, "restart already in progress");
        CtlRun.Result result = ctl.run("y\ny\n", "reinit", "demo", "pg3", "--from-leader");
        assertThat(result.out())
                .contains("Do you want to cancel it and reinitialize anyway? [y/N]: ");
        assertThat(ctl.requests)
                .containsExactly(
                        "POST /reinitialize {\"force\": false, \"from_leader\": true}",
                        "POST /reinitialize {\"force\": true, \"from_leader\": true}");
    }

    @Test
    void reinitWaitsForTheCopy() {
        ctl.answers("POST /reinitialize", 200, "reinitialize started")
                .answers("GET /patroni", 200, "{\"state\": \"creating replica\"}");
        ctl.naps.add(() -> {});
        ctl.naps.add(() -> ctl.answers("GET /patroni", 200, "{\"state\": \"running\"}"));
        assertThat(ctl.run("", "reinit", "demo", "pg3", "--force", "--wait").out())
                .endsWith(
                        "Success: reinitialize for member pg3\n"
                                + "Waiting for reinitialize to complete on: pg3\n"
                                + "Reinitialize is completed on: pg3\n");
    }

    @Test
    void reinitWithForceAndNoNamesDoesNothing() {
        assertThat(ctl.run("", "reinit", "demo", "--force").code()).isZero();
        assertThat(ctl.requests).isEmpty();
    }

    @Test
    void reloadTellsWhenItHappens() {
        ctl.answers("POST /reload", 202, "reload scheduled");
        assertThat(ctl.run("y\n", "reload", "demo", "pg1").out())
                .endsWith(
                        "Are you sure you want to reload members pg1? [y/N]: Reload request"
                                + " received for member pg1 and will be processed within 10"
                                + " seconds\n");
    }

    @Test
    void flushDiscardsWhatIsScheduled() {
        assertThat(ctl.run("y\n", "flush", "demo", "pg1", "restart").out())
                .endsWith("No scheduled restart for member pg1\n");
        assertThat(ctl.run("", "flush", "demo", "switchover").out())
                .isEqualTo("No pending scheduled switchover\n");
        ctl.key("failover", "{\"leader\":\"pg1\",\"scheduled_at\":\"2026-11-23T14:00:00+00:00\"}")
                .answers("DELETE /switchover", 200, "scheduled switchover deleted");
        assertThat(ctl.run("", "flush", "demo", "switchover").out())
                .isEqualTo("Success: scheduled switchover deleted\n");
        ctl.stopApi();
        assertThat(ctl.run("", "flush", "demo", "switchover").code()).isZero();
        assertThat(ctl.stored("failover")).hasValue("{}");
        assertThat(ctl.run("", "flush", "demo", "everything").code()).isEqualTo(2);
    }

    @Test
    void versionsOfMembers() {
        ctl.answers(
                "GET /patroni",
                200,
                "{\"server_version\": 150018, \"patroni\": {\"version\": \"4.1.4\"}}");
        assertThat(ctl.run("", "version").out()).isEqualTo("patronictl version 4.1.4\n");
        assertThat(ctl.run("", "version", "demo", "pg1").out())
                .isEqualTo("patronictl version 4.1.4\n\npg1: Patroni 4.1.4 PostgreSQL 15.18\n");
        ctl.stopApi();
        assertThat(ctl.run("", "version", "demo", "pg1").out())
                .contains("pg1: failed to get version: http://127.0.0.1:");
    }

    private void assertError(String message, String... arguments) {
        CtlRun.Result result = ctl.run("\n", arguments);
        assertThat(result.err()).isEqualTo("Error: " + message + "\n");
        assertThat(result.code()).isEqualTo(1);
    }
}
