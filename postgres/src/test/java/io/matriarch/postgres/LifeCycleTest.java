package io.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of real servers through its life: made, copied, failed over, rejoined. */
@Tag("real")
class LifeCycleTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir Path base;

    @Test
    void twoNodesLiveThroughAFailover() throws Exception {
        try (Node a = new Node(base, "a-1");
                Node b = new Node(base, "b-1");
                Node c = new Node(base, "c-1")) {
            assertThat(a.observe().dataDirectory()).isEqualTo(LocalState.DataDirectory.EMPTY);
            assertThat(a.observe().role()).isEqualTo(Role.UNINITIALIZED);
            a.mustRun(new PostgresAction.Bootstrap());
            LocalState primary = a.observe();
            assertThat(primary.takesWrites()).isTrue();
            assertThat(primary.role()).isEqualTo(Role.PRIMARY);
            assertThat(primary.state()).isEqualTo(MemberState.RUNNING);
            assertThat(primary.systemId().orElseThrow()).matches("[0-9]{10,}");
            assertThat(primary.status().orElseThrow().timeline()).isEqualTo(1);
            a.sql("CREATE TABLE t (x int)");
            a.sql("SELECT pg_create_physical_replication_slot('b_1', true)");
            a.sql("SELECT pg_create_physical_replication_slot('c_1', true)");

            b.mustRun(new PostgresAction.Clone(a.member(Role.PRIMARY), true, a.upstream()));
            c.mustRun(new PostgresAction.Clone(a.member(Role.PRIMARY), true, a.upstream()));
            streams(b);
            streams(c);
            LocalState standby = b.observe();
            assertThat(standby.role()).isEqualTo(Role.REPLICA);
            assertThat(standby.standbyConfigured()).isTrue();
            assertThat(standby.upstream().orElseThrow().connUrl()).isEqualTo(a.url());
            assertThat(standby.status().orElseThrow().timeline()).isEqualTo(1);
            assertThat(a.observe().status().orElseThrow().senders()).hasSize(2);

            a.mustRun(stop(StopMode.KILL));
            assertThat(a.observe().role()).isEqualTo(Role.DEMOTED);
            b.mustRun(new PostgresAction.Promote());
            assertThat(b.progress)
                    .containsExactly(new ActionProgress.Promoting(), new ActionProgress.Promoted());
            await().atMost(LIMIT).until(() -> b.observe().takesWrites());
            assertThat(b.observe().status().orElseThrow().timeline()).isEqualTo(2);
            b.sql("SELECT pg_create_physical_replication_slot('c_1', true)");
            b.sql("SELECT pg_create_physical_replication_slot('a_1', true)");
            b.sql("INSERT INTO t VALUES (1)");

            long started = c.postmaster().startTicks();
            c.mustRun(new PostgresAction.Follow(Optional.of(b.upstream())));
            streams(c);
            assertThat(c.postmaster().startTicks()).as("by reload").isEqualTo(started);
            await().atMost(LIMIT).until(() -> c.sql("SELECT count(*) FROM t").equals("1"));

            divergedPrimaryRejoins(a, b);
        }
    }

    private static void divergedPrimaryRejoins(Node a, Node b) throws Exception {
        a.mustRun(new PostgresAction.StartPrimary(LIMIT));
        a.sql("INSERT INTO t SELECT generate_series(10, 20)");
        a.mustRun(stop(StopMode.KILL));
        assertThat(a.observe().control().orElseThrow().clusterState()).isEqualTo("in production");
        Path label = Files.createFile(a.data().resolve("backup_label"));
        assertThat(a.run(new PostgresAction.CheckDivergence(b.member(Role.PRIMARY))))
                .as("of what looks like a copy that was never started")
                .isEqualTo(new ActionResult.Divergence(false));
        Files.delete(label);
        assertThat(a.run(new PostgresAction.CheckDivergence(b.member(Role.PRIMARY))))
                .as("of a crashed primary")
                .isInstanceOf(ActionResult.NotYet.class);
        a.mustRun(new PostgresAction.CrashRecovery());
        assertThat(a.observe().control().orElseThrow().clusterState()).isEqualTo("shut down");
        assertThat(a.run(new PostgresAction.CheckDivergence(b.member(Role.PRIMARY))))
                .isEqualTo(new ActionResult.Divergence(true));
        java.util.concurrent.CompletableFuture<Boolean> checkpointed =
                new java.util.concurrent.CompletableFuture<>();
        b.postgres.checkpoint(checkpointed::complete);
        assertThat(checkpointed.join()).isTrue();
        a.mustRun(new PostgresAction.Rewind(b.member(Role.PRIMARY)));
        a.mustRun(new PostgresAction.StartStandby(Optional.of(b.upstream()), LIMIT, "rejoin"));
        streams(a);
        await().atMost(LIMIT).until(() -> a.sql("SELECT count(*) FROM t").equals("1"));
        assertThat(a.run(new PostgresAction.CheckDivergence(b.member(Role.PRIMARY))))
                .isEqualTo(new ActionResult.Divergence(false));
        java.util.concurrent.CompletableFuture<Integer> lines =
                new java.util.concurrent.CompletableFuture<>();
        b.postgres.history(2, history -> lines.complete(history.size()));
        assertThat(lines.join()).isEqualTo(1);
    }

    @Test
    void fastStopTellsTheShutdownCheckpointAndAStartBringsItBack() throws Exception {
        try (Node a = new Node(base, "a")) {
            a.mustRun(new PostgresAction.Bootstrap());
            long before = System.nanoTime();
            a.mustRun(new PostgresAction.Stop(StopMode.FAST, true, Optional.of(LIMIT), "stopping"));
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(a.progress).hasSize(1);
            ActionProgress.ShutDownCleanly clean =
                    (ActionProgress.ShutDownCleanly) a.progress.get(0);
            LocalState stopped = a.observe();
            assertThat(clean.checkpoint())
                    .isEqualTo(stopped.control().orElseThrow().checkpoint())
                    .isEqualTo(clean.previous());
            assertThat(stopped.state()).isEqualTo(MemberState.STOPPED);
            assertThat(stopped.control().orElseThrow().rewindable()).isTrue();
            a.mustRun(new PostgresAction.StartPrimary(LIMIT));
            assertThat(a.observe().takesWrites()).isTrue();
            a.mustRun(new PostgresAction.Restart(LIMIT));
            assertThat(a.observe().takesWrites()).isTrue();

            // a new daemon finds the running server
            a.postgres.close();
            a.open();
            assertThat(a.observe().role()).isEqualTo(Role.PRIMARY);
            assertThat(a.observe().state()).isEqualTo(MemberState.RUNNING);
        }
    }

    @Test
    void reinitializeMakesAFreshCopy() throws Exception {
        try (Node a = new Node(base, "a");
                Node b = new Node(base, "b")) {
            b.useSlots = false;
            b.postgres.close();
            b.open();
            a.mustRun(new PostgresAction.Bootstrap());
            b.mustRun(new PostgresAction.Clone(a.member(Role.PRIMARY), true, a.upstream()));
            Files.writeString(b.data().resolve("left-over"), "x");
            assertThat(b.run(new PostgresAction.Clone(a.member(Role.PRIMARY), true, a.upstream())))
                    .as("never over an existing directory")
                    .isInstanceOf(ActionResult.Failed.class);
            assertThat(b.data().resolve("left-over")).exists();
            a.mustRun(stop(StopMode.FAST));
            assertThat(
                            b.run(
                                    new PostgresAction.Reinitialize(
                                            a.member(Role.PRIMARY),
                                            true,
                                            a.upstream(),
                                            "reinitialize")))
                    .as("never given up for a source that is away")
                    .isInstanceOf(ActionResult.Failed.class);
            assertThat(b.data().resolve("left-over")).exists();
            a.mustRun(new PostgresAction.StartPrimary(LIMIT));
            b.mustRun(
                    new PostgresAction.Reinitialize(
                            a.member(Role.PRIMARY), true, a.upstream(), "reinitialize"));
            assertThat(b.data().resolve("left-over")).doesNotExist();
            streams(b);
        }
    }

    private static PostgresAction stop(StopMode mode) {
        return new PostgresAction.Stop(mode, false, Optional.empty(), "stopping");
    }

    private static void streams(Node node) {
        await().atMost(LIMIT)
                .until(() -> node.observe().status().filter(s -> s.streaming()).isPresent());
    }
}
