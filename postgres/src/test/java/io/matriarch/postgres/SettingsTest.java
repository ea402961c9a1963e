package io.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.engine.model.ClusterStatus;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.PendingChange;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.model.SyncState;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import io.matriarch.spi.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings, slots and scripts on a real server. */
@Tag("real")
class SettingsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir Path base;

    @Test
    void parametersAreReloadedAndSomeWaitForARestart() throws Exception {
        try (Node a = new Node(base, "a")) {
            a.mustRun(new PostgresAction.Bootstrap());
            a.parameters.put("max_connections", "50");
            a.parameters.put("work_mem", "5MB");
            a.postgres.apply(settings(Map.of("x", 1)), Optional.empty());
            await().atMost(LIMIT)
                    .untilAsserted(
                            () ->
                                    assertThat(a.observe().pendingRestart())
                                            .isEqualTo(
                                                    Map.of(
                                                            "max_connections",
                                                            new PendingChange("100", "50"))));
            assertThat(a.sql("SHOW work_mem")).isEqualTo("5MB");
            assertThat(Files.readString(a.data().resolve("patroni.dynamic.json")))
                    .isEqualTo("{\"x\":1}");
            a.mustRun(new PostgresAction.Restart(LIMIT));
            assertThat(a.observe().pendingRestart()).isEmpty();
            assertThat(a.sql("SHOW max_connections")).isEqualTo("50");
        }
    }

    @Test
    void aStandbyStartsWithWhatThePrimaryHadAndSaysSo() throws Exception {
        try (Node a = new Node(base, "a");
                Node b = new Node(base, "b")) {
            b.useSlots = false;
            a.mustRun(new PostgresAction.Bootstrap());
            b.parameters.put("max_connections", "40");
            reopen(b);
            b.mustRun(new PostgresAction.Clone(a.member(Role.PRIMARY), true, a.upstream()));
            assertThat(b.sql("SHOW max_connections")).isEqualTo("100");
            assertThat(b.observe().pendingRestart())
                    .containsEntry("max_connections", new PendingChange("100", "40"));
        }
    }

    @Test
    void slotsOfMembersComeAndGoAndAdvance() throws Exception {
        try (Node a = new Node(base, "a")) {
            a.mustRun(new PostgresAction.Bootstrap());
            a.sql("SELECT pg_create_physical_replication_slot('gone', true)");
            a.sql("SELECT pg_create_physical_replication_slot('foreign_one', true)");
            Settings settings =
                    settings(Map.of("ignore_slots", List.of(Map.of("name", "foreign_one"))));
            a.postgres.apply(settings, Optional.of(view(a, Map.of())));
            await().atMost(LIMIT)
                    .until(
                            () ->
                                    a.sql(
                                                    "SELECT string_agg(slot_name, ',' ORDER BY slot_name) FROM"
                                                            + " pg_replication_slots")
                                            .equals("foreign_one,node_2"));
            assertThat(a.observe().status().orElseThrow().slots())
                    .containsKeys("node_2", "foreign_one");
        }
    }

    @Test
    void aStandbyMovesItsUnusedSlotsToThePublishedPosition() throws Exception {
        try (Node a = new Node(base, "a");
                Node b = new Node(base, "b")) {
            b.useSlots = false;
            reopen(b);
            a.mustRun(new PostgresAction.Bootstrap());
            b.mustRun(new PostgresAction.Clone(a.member(Role.PRIMARY), true, a.upstream()));
            a.sql("SELECT pg_create_physical_replication_slot('b', true)");
            b.useSlots = true;
            Settings settings = settings(Map.of());
            b.postgres.apply(settings, Optional.of(view(a, Map.of())));
            await().atMost(LIMIT).until(() -> slots(b).containsKey("node_2"));
            Lsn before = slots(b).get("node_2");
            a.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) x");
            Lsn target = a.observe().status().orElseThrow().position();
            await().atMost(LIMIT)
                    .until(() -> !target.after(b.observe().status().orElseThrow().replayed()));
            b.postgres.apply(settings, Optional.of(view(a, Map.of("node_2", target))));
            await().atMost(LIMIT).until(() -> slots(b).get("node_2").equals(target));
            assertThat(target.after(before)).isTrue();
        }
    }

    @Test
    void callbacksAreCalledAndPrePromoteCanRefuse() throws Exception {
        Path calls = base.resolve("a/calls");
        try (Node a = new Node(base, "a");
                Node b = new Node(base, "b")) {
            b.useSlots = false;
            for (String event : List.of("on_start", "on_stop", "on_restart", "on_role_change")) {
                b.callbacks.put(event, "sh -c 'echo \"$@\" >> " + calls + "' sh");
            }
            b.prePromote = Optional.of("test -e " + b.home.resolve("allowed"));
            reopen(b);
            a.mustRun(new PostgresAction.Bootstrap());
            b.mustRun(new PostgresAction.Clone(a.member(Role.PRIMARY), true, a.upstream()));
            await().atMost(LIMIT).until(() -> Files.exists(calls));
            assertThat(b.run(new PostgresAction.Promote()))
                    .isInstanceOf(ActionResult.PrePromoteFailed.class);
            assertThat(b.progress).isEmpty();
            Files.createFile(b.home.resolve("allowed"));
            b.mustRun(new PostgresAction.Promote());
            assertThat(b.observe().role()).isEqualTo(Role.PRIMARY);
            lines(calls, 2);
            b.mustRun(new PostgresAction.Stop(StopMode.FAST, false, Optional.empty(), "stopping"));
            lines(calls, 3);
            b.mustRun(
                    new PostgresAction.StartStandby(
                            Optional.of(a.upstream()), LIMIT, "starting as a secondary"));
            lines(calls, 4);
            assertThat(Files.readAllLines(calls))
                    .containsExactly(
                            "on_start replica demo",
                            "on_role_change primary demo",
                            "on_stop primary demo",
                            "on_role_change replica demo");
        }
    }

    @Test
    void aReloadAfterAPromotionChangesNothingThatNeedsAStart() throws Exception {
        try (Node a = new Node(base, "a");
                Node b = new Node(base, "b")) {
            b.useSlots = false;
            reopen(b);
            a.mustRun(new PostgresAction.Bootstrap());
            b.mustRun(new PostgresAction.Clone(a.member(Role.PRIMARY), true, a.upstream()));
            b.mustRun(new PostgresAction.Promote());
            assertThat(b.observe().role()).isEqualTo(Role.PRIMARY);
            b.parameters.put("work_mem", "7MB");
            b.postgres.apply(settings(Map.of("x", 1)), Optional.empty());
            await().atMost(LIMIT).until(() -> b.sql("SHOW work_mem").equals("7MB"));
            assertThat(Files.readString(b.home.resolve("server.log")))
                    .doesNotContain("cannot be changed without restarting");
            assertThat(b.sql("SELECT count(*) FROM pg_settings WHERE pending_restart"))
                    .isEqualTo("0");
            assertThat(b.sql("SHOW primary_conninfo")).isEmpty();
        }
    }

    @Test
    void aCauseThatKeepsSlotsFromBeingMadeIsToldWithWhatToDo() {
        assertThat(SlotKeeper.advice(new java.sql.SQLException("all in use", "53400")))
                .contains("max_replication_slots");
        assertThat(SlotKeeper.advice(new java.sql.SQLException("no state"))).contains("again");
    }

    @Test
    void aPromotionThatIsFencedMeanwhileTellsOfNoChangeOfRole() throws Exception {
        Path calls = base.resolve("b/calls");
        try (Node a = new Node(base, "a");
                Node b = new Node(base, "b")) {
            b.useSlots = false;
            for (String event : List.of("on_stop", "on_role_change")) {
                b.callbacks.put(event, "sh -c 'echo \"$@\" >> " + calls + "' sh");
            }
            reopen(b);
            a.mustRun(new PostgresAction.Bootstrap());
            b.mustRun(new PostgresAction.Clone(a.member(Role.PRIMARY), true, a.upstream()));
            // A frozen startup process never ends recovery, so the fence comes in time.
            long startup = startup(b);
            kill("STOP", startup);
            CompletableFuture<ActionResult> promotion = b.begin(new PostgresAction.Promote());
            await().atMost(LIMIT).until(() -> !b.progress.isEmpty());
            CompletableFuture<Void> fenced = new CompletableFuture<>();
            b.postgres.fence(StopMode.KILL, Duration.ofSeconds(3), () -> fenced.complete(null));
            fenced.get(20, TimeUnit.SECONDS);
            assertThat(promotion.get(20, TimeUnit.SECONDS))
                    .isNotInstanceOf(ActionResult.Succeeded.class);
            await().atMost(LIMIT).until(() -> Files.exists(calls));
            assertThat(Files.readAllLines(calls)).hasSize(1);
            assertThat(Files.readString(calls)).startsWith("on_stop ");
        }
    }

    private static long startup(Node node) {
        return ProcFs.children(node.postmaster().pid()).stream()
                .filter(pid -> ProcFs.title(pid).contains("startup"))
                .findFirst()
                .orElseThrow();
    }

    private static void kill(String signal, long pid) throws Exception {
        new ProcessBuilder("/bin/kill", "-" + signal, Long.toString(pid)).start().waitFor();
    }

    @Test
    void rootIsRefused() throws Exception {
        Assumptions.assumeTrue(ProcFs.ownUser() == 0, "only root can be refused");
        try (Node a = new Node(base, "a")) {
            a.postgres.close();
            a.prefix = List.of();
            a.open();
            assertThat(a.run(new PostgresAction.Bootstrap()))
                    .isEqualTo(
                            new ActionResult.Failed(
                                    "PostgreSQL cannot be run as root; start the daemon as the user"
                                            + " that owns the data directory"));
            assertThat(a.data()).doesNotExist();
        }
    }

    @Test
    void anUnsupportedVersionIsRefused() throws Exception {
        try (Node a = new Node(base, "a")) {
            a.mustRun(new PostgresAction.Bootstrap());
            a.mustRun(new PostgresAction.Stop(StopMode.FAST, false, Optional.empty(), "stop"));
            Files.writeString(a.data().resolve("PG_VERSION"), "11\n");
            assertThat(a.run(new PostgresAction.StartPrimary(LIMIT)))
                    .isEqualTo(
                            new ActionResult.Failed(
                                    "PostgreSQL 11 is not supported; use a version from 12 to 18"));
            assertThat(a.observe().state().text()).isEqualTo("start failed");
            assertThat(a.observe().problem()).startsWith("PostgreSQL 11");
        }
    }

    private static Map<String, Lsn> slots(Node node) {
        return node.observe().status().orElseThrow().slots();
    }

    private static void lines(Path file, int count) {
        await().atMost(LIMIT).until(() -> Files.readAllLines(file).size() == count);
    }

    private static void reopen(Node node) {
        node.postgres.close();
        node.open();
    }

    private static Settings settings(Map<String, Object> document) {
        Settings d = Settings.defaults();
        return new Settings(
                d.ttl(),
                d.loopWait(),
                d.retryTimeout(),
                d.maximumLagOnFailover(),
                d.checkTimeline(),
                d.primaryStartTimeout(),
                d.primaryStopTimeout(),
                d.pause(),
                d.failsafeMode(),
                d.synchronousMode(),
                d.maxTimelinesHistory(),
                d.memberSlotsTtl(),
                document);
    }

    private static ClusterView view(Node leader, Map<String, Lsn> slots) {
        TreeMap<String, Member> members = new TreeMap<>();
        members.put(leader.name, leader.member(Role.PRIMARY));
        members.put("node-2", Member.named("node-2"));
        return new ClusterView(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(leader.name),
                members,
                Optional.empty(),
                Optional.empty(),
                SyncState.NONE,
                Optional.empty(),
                Optional.empty(),
                new ClusterStatus(Lsn.ZERO, slots, List.of()),
                Map.of(),
                Snapshot.empty(0));
    }
}
