package io.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends of a server: by accident, and by force. */
@Tag("real")
class FenceTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir Path base;

    @Test
    void aKilledPostmasterIsSeenAtOnceAndStartsAgain() throws Exception {
        try (Node a = new Node(base, "a")) {
            a.mustRun(new PostgresAction.Bootstrap());
            await().atMost(LIMIT).until(() -> a.events.contains("PostgreSQL accepts connections"));
            a.observe();
            CompletableFuture<Void> hung = busy(a);
            ServerProcess server = a.postmaster();
            long killed = System.nanoTime();
            server.kill();
            await().pollInterval(Duration.ofMillis(2))
                    .atMost(LIMIT)
                    .until(() -> a.events.contains("postmaster ended"));
            assertThat(Duration.ofNanos(System.nanoTime() - killed))
                    .isLessThan(Duration.ofMillis(200));
            assertThat(a.observe().postmasterAlive()).isFalse();
            assertThat(a.observe().state()).isEqualTo(MemberState.CRASHED);
            assertThat(a.observe().role()).isEqualTo(Role.PRIMARY);
            a.mustRun(new PostgresAction.StartPrimary(LIMIT));
            assertThat(a.observe().takesWrites()).isTrue();
            assertThat(a.observe().status().orElseThrow().timeline()).isEqualTo(1);
            hung.handle((ok, lost) -> ok).get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aZombiePostmasterIsDead() throws Exception {
        // A shell that never reaps its child keeps the zombie for as long as it lives.
        Process parent =
                new ProcessBuilder("/bin/sh", "-c", "sleep 0.1 & echo $!; exec sleep 30").start();
        try {
            long pid = Long.parseLong(parent.inputReader().readLine().trim());
            await().atMost(LIMIT)
                    .until(() -> ProcFs.stat(pid).filter(ProcFs.Stat::dead).isPresent());
            assertThat(ProcessHandle.of(pid)).as("the JDK still lists it").isPresent();
            assertThat(ServerProcess.of(pid)).isEmpty();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void aFenceEndsEveryProcessOfABusyServer() throws Exception {
        try (Node a = new Node(base, "a")) {
            a.mustRun(new PostgresAction.Bootstrap());
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(busy(a));
            }
            await().atMost(LIMIT).until(() -> active(a) >= 5);
            List<Long> pids = new ArrayList<>(ProcFs.descendants(a.postmaster().pid()));
            pids.add(a.postmaster().pid());
            assertThat(pids.size()).isGreaterThan(8);
            fenced(a, StopMode.KILL, Duration.ofSeconds(2));
            assertThat(pids.stream().filter(pid -> ServerProcess.of(pid).isPresent())).isEmpty();
            assertThat(a.observe().state()).isEqualTo(MemberState.STOPPED);
            assertThat(a.observe().role()).isEqualTo(Role.DEMOTED);
        }
    }

    @Test
    void aFenceAlsoEndsAFrozenServerWithinItsBudgetAndCancelsTheRunningStop() throws Exception {
        try (Node a = new Node(base, "a")) {
            a.mustRun(new PostgresAction.Bootstrap());
            Commands commands = new Commands(Node.PREFIX, Runnable::run);
            ServerProcess server = a.postmaster();
            new ProcessBuilder("/bin/kill", "-STOP", Long.toString(server.pid())).start().waitFor();
            assertThat(commands.hasPrefix()).isEqualTo(!Node.PREFIX.isEmpty());
            long asked = System.nanoTime();
            assertThat(a.observe().status()).isNotNull();
            assertThat(Duration.ofNanos(System.nanoTime() - asked))
                    .isLessThan(Duration.ofSeconds(7));
            CompletableFuture<ActionResult> stop =
                    a.begin(
                            new PostgresAction.Stop(
                                    StopMode.FAST, false, java.util.Optional.empty(), "stopping"));
            Thread.sleep(200); // the stop must be under way, which nothing outside shows
            assertThat(stop).isNotDone();
            fenced(a, StopMode.FAST, Duration.ofSeconds(3));
            assertThat(stop.get(5, TimeUnit.SECONDS)).isInstanceOf(ActionResult.Cancelled.class);
            assertThat(server.alive()).isFalse();
        }
    }

    @Test
    void aFenceCatchesAServerThatIsJustBeingStarted() throws Exception {
        try (Node a = new Node(base, "a")) {
            a.mustRun(new PostgresAction.Bootstrap());
            for (int pause = 0; pause < 100; pause += 9) {
                fenced(a, StopMode.KILL, Duration.ofSeconds(2));
                CompletableFuture<ActionResult> start =
                        a.begin(new PostgresAction.StartPrimary(LIMIT));
                Thread.sleep(pause); // to hit each moment of a start
                fenced(a, StopMode.KILL, Duration.ofSeconds(3));
                assertThat(start.get(10, TimeUnit.SECONDS)).isNotNull();
                Thread.sleep(50); // whatever was on its way would show by now
                assertThat(new Killer(instance(a)).anyLeft()).isFalse();
                assertThat(a.observe().postmasterAlive()).isFalse();
            }
        }
    }

    private static void fenced(Node node, StopMode mode, Duration budget) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        long start = System.nanoTime();
        node.postgres.fence(mode, budget, () -> done.complete(null));
        done.get(20, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(budget);
        assertThat(new Killer(instance(node)).anyLeft()).isFalse();
    }

    private static Instance instance(Node node) {
        Commands commands = new Commands(Node.PREFIX, Runnable::run);
        return new Instance(
                node.setup(),
                commands,
                node.setup().effective().apply(java.util.Map.of()),
                System::nanoTime);
    }

    private static int active(Node node) throws Exception {
        return Integer.parseInt(
                        node.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%busy%'"))
                - 1;
    }

    /** A backend that computes without looking at signals of its postmaster's death. */
    private static CompletableFuture<Void> busy(Node node) {
        return CompletableFuture.runAsync(
                () -> {
                    try (Connection connection = node.connect();
                            Statement statement = connection.createStatement()) {
                        statement.execute(
                                "SELECT /* busy */ count(*) FROM generate_series(1, 300000000)");
                    } catch (java.sql.SQLException e) {
                        throw new IllegalStateException("ended as it should", e);
                    }
                },
                task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    thread.start();
                });
    }
}
