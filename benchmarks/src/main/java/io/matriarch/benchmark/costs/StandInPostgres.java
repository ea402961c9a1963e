package io.matriarch.benchmark.costs;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.PeerStatus;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.model.Tags;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.ControlData;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.PostgresStatus;
import io.matriarch.engine.port.Scheduler;
import io.matriarch.engine.port.StopMode;
import io.matriarch.engine.port.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes the place of a PostgreSQL that does at once what it is told to, so that only the daemon and
 * the store take time. Thread-safe.
 */
final class StandInPostgres implements PostgresPort {
    static final String SYSTEM_ID = "7300000000000000001";
    private static final int SERVER_VERSION = 150000;

    /** What the server is; a stopped one remembers what it was. */
    private enum Phase {
        STANDBY,
        PRIMARY,
        STOPPED_STANDBY,
        STOPPED_PRIMARY
    }

    private final Scheduler lane;
    private final StandInWal wal;
    private Phase phase = Phase.STANDBY;
    private Optional<Upstream> upstream = Optional.empty();
    private Lsn checkpoint = Lsn.ZERO;
    private long since;

    StandInPostgres(Scheduler lane, StandInWal wal) {
        this.lane = lane;
        this.wal = wal;
        this.since = lane.nanos();
    }

    @Override
    public void observe(Consumer<LocalState> to) {
        LocalState state = state();
        lane.execute(() -> to.accept(state));
    }

    private synchronized LocalState state() {
        boolean up = isUp();
        boolean primary = phase == Phase.PRIMARY || phase == Phase.STOPPED_PRIMARY;
        Role role = primary ? Role.PRIMARY : Role.REPLICA;
        return new LocalState(
                LocalState.DataDirectory.PRESENT,
                "",
                Optional.of(SYSTEM_ID),
                up,
                up ? MemberState.RUNNING : MemberState.STOPPED,
                phase == Phase.STOPPED_PRIMARY ? Role.DEMOTED : role,
                up ? Optional.of(status()) : Optional.empty(),
                up ? Optional.empty() : Optional.of(control()),
                upstream,
                !primary,
                Map.of(),
                since);
    }

    private synchronized boolean isUp() {
        return phase == Phase.STANDBY || phase == Phase.PRIMARY;
    }

    private ControlData control() {
        boolean primary = phase == Phase.STOPPED_PRIMARY;
        return new ControlData(
                primary ? "shut down" : "shut down in recovery", wal.timeline(), checkpoint, true);
    }

    private PostgresStatus status() {
        boolean standby = phase == Phase.STANDBY;
        Lsn position = wal.position();
        return new PostgresStatus(
                standby,
                wal.timeline(),
                standby ? Lsn.ZERO : position,
                standby ? position : Lsn.ZERO,
                standby ? position : Lsn.ZERO,
                false,
                Optional.empty(),
                standby && upstream.isPresent(),
                standby ? position : Lsn.ZERO,
                false,
                List.of(),
                Map.of(),
                "2026-01-01 00:00:00.000000+00:00",
                SERVER_VERSION);
    }

    /** What its daemon tells other members; empty while no server answers. */
    synchronized Optional<PeerStatus> peerStatus() {
        boolean primary = phase == Phase.PRIMARY;
        return Optional.of(
                        new PeerStatus(
                                primary,
                                primary ? Lsn.ZERO : wal.position(),
                                wal.timeline(),
                                Tags.NONE,
                                false))
                .filter(status -> isUp());
    }

    @Override
    public Running start(PostgresAction action, ActionListener listener) {
        lane.execute(() -> listener.finished(act(action, listener)));
        return () -> {}; // it has ended before anybody could ask
    }

    private synchronized ActionResult act(PostgresAction action, ActionListener listener) {
        since = lane.nanos();
        if (action instanceof PostgresAction.Promote && phase == Phase.STANDBY) {
            listener.progress(new ActionProgress.Promoting());
            phase = Phase.PRIMARY;
            upstream = Optional.empty();
            wal.promoted();
            listener.progress(new ActionProgress.Promoted());
        } else if (action instanceof PostgresAction.Stop) {
            stop();
            listener.progress(new ActionProgress.ShutDownCleanly(checkpoint, checkpoint));
        } else if (action instanceof PostgresAction.StartStandby start) {
            phase = Phase.STANDBY;
            upstream = start.upstream();
        } else if (action instanceof PostgresAction.Follow follow) {
            upstream = follow.upstream();
        } else if (action instanceof PostgresAction.CheckDivergence) {
            return new ActionResult.Divergence(false);
        } else {
            return new ActionResult.Failed("nothing stands in for " + action.title());
        }
        return new ActionResult.Succeeded();
    }

    private void stop() {
        if (phase == Phase.PRIMARY) {
            checkpoint = wal.stopped();
            phase = Phase.STOPPED_PRIMARY;
        } else if (phase == Phase.STANDBY) {
            checkpoint = wal.position();
            phase = Phase.STOPPED_STANDBY;
        }
    }

    @Override
    public synchronized void fence(StopMode mode, Duration budget, Runnable done) {
        stop();
        since = lane.nanos();
        lane.execute(done);
    }

    @Override
    public void checkpoint(Consumer<Boolean> done) {
        lane.execute(() -> done.accept(true));
    }

    @Override
    public void apply(Settings settings, Optional<ClusterView> view) {
        // There are no files to write.
    }

    @Override
    public void history(int timeline, Consumer<List<HistoryLine>> to) {
        lane.execute(() -> to.accept(wal.history()));
    }

    @Override
    public void close() {
        // There are no connections.
    }
}
