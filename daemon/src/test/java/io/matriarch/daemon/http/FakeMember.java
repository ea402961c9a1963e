package io.matriarch.daemon.http;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.ScheduledRestart;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.model.Tags;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.port.MemberReport;
import io.matriarch.engine.port.PostgresStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A member whose every answer is set by the test, and which notes what it was asked. */
final class FakeMember implements MemberControl {
    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile Optional<ClusterView> view = Optional.empty();
    volatile boolean leader = true;
    volatile Settings settings = Settings.defaults();
    volatile Runnable onWake = () -> {};
    volatile CompletableFuture<Reply> restart = new CompletableFuture<>();
    volatile Reply schedule = new Reply(202, "Restart scheduled");
    volatile boolean restartPlanned;
    volatile CompletableFuture<Reply> reinitialize =
            CompletableFuture.completedFuture(new Reply(200, "reinitialize started"));

    @Override
    public MemberReport report() {
        return new MemberReport(
                "pg1",
                "demo",
                Optional.of(local()),
                leader,
                view,
                view,
                settings,
                Tags.NONE,
                Optional.empty(),
                7,
                "no action. I am (pg1), the leader with the lock",
                Optional.of(Instant.ofEpochSecond(1795400724)),
                Optional.empty(),
                System.nanoTime());
    }

    private static LocalState local() {
        return new LocalState(
                LocalState.DataDirectory.PRESENT,
                "",
                Optional.of("7711187191231420287"),
                true,
                MemberState.RUNNING,
                Role.PRIMARY,
                Optional.of(
                        new PostgresStatus(
                                false,
                                1,
                                new Lsn(67108960),
                                Lsn.ZERO,
                                Lsn.ZERO,
                                false,
                                Optional.empty(),
                                false,
                                Lsn.ZERO,
                                false,
                                List.of(),
                                Map.of(),
                                "2026-11-23 02:24:37.768886+00:00",
                                150018)),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of(),
                0);
    }

    @Override
    public void wake() {
        asked.add("wake");
        onWake.run();
    }

    @Override
    public void reload() {
        asked.add("reload");
    }

    @Override
    public CompletionStage<Reply> restart(RestartOrder order, Optional<Duration> timeout) {
        asked.add("restart " + order.role().orElse("any") + " " + timeout.map(Duration::toSeconds));
        return restart;
    }

    @Override
    public Reply scheduleRestart(ScheduledRestart planned) {
        asked.add("schedule " + planned.at() + " " + new ArrayList<>(planned.filters().keySet()));
        return schedule;
    }

    @Override
    public boolean cancelScheduledRestart() {
        return restartPlanned;
    }

    @Override
    public CompletionStage<Reply> reinitialize(boolean force, boolean fromLeader) {
        asked.add("reinitialize " + force + " " + fromLeader);
        return reinitialize;
    }

    @Override
    public CompletionStage<Void> shutdown() {
        asked.add("shutdown");
        return CompletableFuture.completedFuture(null);
    }
}
