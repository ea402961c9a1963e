package io.matriarch.endtoend;

import static io.matriarch.endtoend.Course.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.lab.ClusterPicture;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabPlan;
import io.matriarch.lab.ToolRun;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Maintenance mode: members do what they are told, and nothing by themselves. */
@Tag("real")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PauseTest {
    private static final LabPlan PLAN = LabPlan.three();

    /** Longer than the members wait between two looks: they had time to act, had they wanted to. */
    private static final Duration SEVERAL_LOOKS = Duration.ofSeconds(2L * PLAN.loopWait() + 1);

    /** A lease taken before the store stopped has ended after this. */
    private static final Duration LONGER_THAN_A_LEASE = Duration.ofSeconds(PLAN.ttl() + 2L);

    @RegisterExtension static final Course COURSE = new Course(PLAN, Lab::start);

    @BeforeEach
    void pause() throws Exception {
        ToolRun run = COURSE.tool("", "pause", CLUSTER, "--wait");
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output())
                .contains(
                        "'pause' request sent, waiting until it is recognized by all nodes",
                        "Success: cluster management is paused");
        COURSE.await50(
                "the list says so",
                () -> COURSE.tool("", "list").output().contains(" Maintenance mode: on"));
    }

    @AfterEach
    void resume() throws Exception {
        if (COURSE.get(COURSE.names().get(0), "/patroni").body().contains("\"pause\": true")) {
            COURSE.tool("", "resume", CLUSTER, "--wait");
        }
    }

    @Test
    @Order(1)
    void anOperatorMaySwitchOver() throws Exception {
        String leader = COURSE.leader();
        String candidate = COURSE.replicas().get(0);
        ToolRun nobody = COURSE.tool("", "switchover", CLUSTER, "--force");
        assertThat(nobody.output())
                .contains("Switchover is possible only to a specific candidate in a paused state");
        assertThat(COURSE.leader()).isEqualTo(leader);
        ToolRun run = COURSE.tool("", "switchover", CLUSTER, "--candidate", candidate, "--force");
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output()).contains("Successfully switched over to \"" + candidate + "\"");
        COURSE.awaitLeader(candidate);
    }

    @Test
    @Order(2)
    void aDeadPrimaryIsReplacedOnlyByTheOperator() throws Exception {
        String dead = COURSE.leader();
        String candidate = COURSE.replicas().get(1);
        stopServer(dead);
        COURSE.awaitPicture("no leader", PauseTest::hasNoLeader);
        staysSo("no leader", () -> hasNoLeader(COURSE.lab().picture()), SEVERAL_LOOKS);

        ToolRun refused = COURSE.tool("", "switchover", CLUSTER, "--force");
        assertThat(refused.output()).contains("Error: This cluster has no leader");
        assertThat(refused.code()).isEqualTo(1);
        ToolRun run = COURSE.tool(candidate + "\ny\n", "failover", CLUSTER);
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output())
                .containsSubsequence(
                        "Candidate [",
                        "] []: ",
                        "Are you sure you want to failover cluster " + CLUSTER + "? [y/N]: ",
                        "Successfully failed over to \"" + candidate + "\"");
        COURSE.writers().awaitRow(candidate);
        assertThat(COURSE.leader()).isEqualTo(candidate);

        ToolRun resumed = COURSE.tool("", "resume", CLUSTER, "--wait");
        assertThat(resumed.output()).contains("Success: cluster management is resumed");
        COURSE.awaitLeader(candidate);
        assertThat(COURSE.row(dead).follows()).isTrue();
    }

    @Test
    @Order(3)
    void theStoreMayStop() throws Exception {
        String leader = COURSE.leader();
        int timeline = COURSE.timeline();
        for (Process server : COURSE.lab().storeServers()) {
            server.destroy();
            server.waitFor();
        }
        staysSo(
                "the primary takes writes",
                () -> COURSE.ask(leader, "select pg_is_in_recovery()").equals("f"),
                LONGER_THAN_A_LEASE);
        COURSE.writers().awaitRow(leader);
        COURSE.lab().startStore();
        COURSE.awaitLeader(leader);
        assertThat(COURSE.timeline()).isEqualTo(timeline);
    }

    private static boolean hasNoLeader(ClusterPicture picture) {
        return !picture.rows().isEmpty()
                && picture.rows().stream().noneMatch(row -> row.role().equals("leader"));
    }

    /** As an operator would, beside the daemon's back. */
    private static void stopServer(String member) throws Exception {
        Lab lab = COURSE.lab();
        Process stop =
                lab.startBeside(
                        java.util.List.of(
                                lab.binaries().postgres().resolve("pg_ctl").toString(),
                                "stop",
                                "-m",
                                "fast",
                                "-D",
                                lab.directory().resolve(member).toString()),
                        "stop.log");
        assertThat(stop.waitFor()).isZero();
    }

    private static void staysSo(
            String what, java.util.concurrent.Callable<Boolean> state, Duration time) {
        await(what)
                .pollInterval(Duration.ofMillis(100))
                .during(time)
                .atMost(time.plusSeconds(5))
                .until(state);
    }
}
