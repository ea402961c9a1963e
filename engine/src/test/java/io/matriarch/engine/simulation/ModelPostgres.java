package io.matriarch.engine.simulation;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.port.ControlData;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.PostgresStatus;
import io.matriarch.engine.port.StopMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** What one daemon sees and does of its {@link Server}. */
final class ModelPostgres implements PostgresPort {
    private static final int SERVER_VERSION = 150000;

    private final World world;
    private final Node node;
    private final Server server;
    private final DaemonLane lane;
    private Optional<ActionRun> running = Optional.empty();
    private EventListener listener = why -> {};
    private boolean seenAlive;
    private boolean stoppedByUs;
    private Role lastRole = Role.REPLICA;
    private MemberState lastState = MemberState.STOPPED;
    private long stateSince;

    ModelPostgres(World world, Node node, DaemonLane lane) {
        this.world = world;
        this.node = node;
        this.server = node.server();
        this.lane = lane;
        this.stateSince = lane.nanos();
        this.lastRole = server.isOrWasPrimary() ? Role.PRIMARY : Role.REPLICA;
    }

    void listen(EventListener to) {
        listener = to;
        server.listen(
                why -> {
                    track();
                    lane.timer(world.millis(1, 30), () -> listener.changed(why));
                });
    }

    // ---- what an earlier daemon left behind

    @Override
    public void arm(long at, long writesEndAt) {
        server.noteLease(OptionalLong.of(lane.trueTime(writesEndAt)));
    }

    @Override
    public void disarm() {
        server.noteLease(OptionalLong.empty());
    }

    @Override
    public OptionalLong inheritedLease() {
        OptionalLong noted = server.notedLease();
        return noted.isPresent()
                ? OptionalLong.of(lane.nanos() + noted.getAsLong() - world.nanos())
                : noted;
    }

    // ---- looking

    @Override
    public void observe(Consumer<LocalState> to) {
        long takes = world.chance(0.02) ? world.millis(100, 2_900) : world.millis(1, 25);
        world.after(
                takes / 2,
                () -> {
                    LocalState state = look();
                    lane.timer(takes - takes / 2, () -> to.accept(state));
                });
    }

    private LocalState look() {
        track();
        boolean up = server.isUp();
        return new LocalState(
                server.hasData()
                        ? LocalState.DataDirectory.PRESENT
                        : LocalState.DataDirectory.EMPTY,
                "",
                server.systemId(),
                server.isAlive(),
                lastState,
                lastRole,
                up ? Optional.of(status()) : Optional.empty(),
                server.isAlive() || !server.hasData() ? Optional.empty() : Optional.of(control()),
                server.upstream(),
                server.standbySignal(),
                Map.of(),
                stateSince);
    }

    private ControlData control() {
        return new ControlData(
                server.control(), server.timeline().number(), new Lsn(server.checkpoint()), true);
    }

    private PostgresStatus status() {
        boolean standby = server.phase() == Server.Phase.STANDBY;
        Lsn position = new Lsn(server.position());
        return new PostgresStatus(
                standby,
                server.timeline().number(),
                standby ? Lsn.ZERO : position,
                standby ? position : Lsn.ZERO,
                standby ? position : Lsn.ZERO,
                false,
                Optional.empty(),
                standby && server.isStreaming(),
                standby ? position : Lsn.ZERO,
                false,
                server.senders(),
                Map.of(),
                lane.wall().minusNanos(world.nanos() - server.startedAt()).toString(),
                SERVER_VERSION);
    }

    /** Notices what became of the server, as the real port does at each event. */
    private void track() {
        MemberState state = state();
        if (state != lastState) {
            lastState = state;
            stateSince = lane.nanos();
        }
        lastRole = role();
        if (server.isAlive()) {
            seenAlive = true;
        }
    }

    private MemberState state() {
        Optional<MemberState> busy = running.flatMap(ActionRun::state);
        if (busy.isPresent() && !server.isAlive()) {
            return busy.get();
        }
        return switch (server.phase()) {
            case STARTING -> MemberState.STARTING;
            case STANDBY, PRIMARY -> MemberState.RUNNING;
            case DRAINING, CHECKPOINTING -> MemberState.STOPPING;
            case DOWN -> {
                if (stoppedByUs || !seenAlive) {
                    yield MemberState.STOPPED;
                }
                yield lastState == MemberState.STARTING || lastState == MemberState.START_FAILED
                        ? MemberState.START_FAILED
                        : MemberState.CRASHED;
            }
        };
    }

    private Role role() {
        if (!server.hasData()) {
            return Role.UNINITIALIZED;
        }
        return switch (server.phase()) {
            case PRIMARY -> Role.PRIMARY;
            case STANDBY ->
                    running.filter(ActionRun::promoting).isPresent() ? Role.PROMOTED : Role.REPLICA;
            case STARTING -> server.standbySignal() ? Role.REPLICA : Role.PRIMARY;
            case DOWN -> {
                boolean demoted = stoppedByUs && server.isOrWasPrimary();
                yield demoted ? Role.DEMOTED : lastRole;
            }
            default -> lastRole;
        };
    }

    /** A stop was asked for: what follows is no crash. */
    void stopping() {
        stoppedByUs = true;
    }

    void launching() {
        stoppedByUs = false;
    }

    void changed() {
        track();
    }

    // ---- doing

    @Override
    public Running start(PostgresAction action, ActionListener to) {
        node.observer().starts(node, action, running.isPresent());
        node.observer()
                .effect(
                        node,
                        new Observer.Effect(
                                action instanceof PostgresAction.Stop
                                        ? Observer.Effect.Kind.STOP
                                        : Observer.Effect.Kind.ACTION,
                                action.title()));
        world.trace(node.name(), "action: " + action.title());
        ActionRun run = new ActionRun(world, node, lane, this, action, to);
        running = Optional.of(run);
        track();
        run.begin();
        return run::cancel;
    }

    /** The run ended; its listener is told next. */
    void ended(ActionRun run) {
        if (running.filter(r -> r == run).isPresent()) {
            running = Optional.empty();
        }
        track();
    }

    @Override
    public void fence(StopMode mode, Duration budget, Runnable done) {
        node.observer()
                .effect(node, new Observer.Effect(Observer.Effect.Kind.FENCE, mode.toString()));
        world.trace(node.name(), "fence " + mode + " within " + budget.toMillis() + " ms");
        running.ifPresent(ActionRun::abort);
        stopping();
        long nanos = budget.toNanos();
        long started = server.startedAt();
        server.stop(mode, () -> {});
        server.whenDown(() -> lane.execute(done));
        long killAt = Math.max(0, nanos - 60_000_000L);
        if (mode != StopMode.KILL) {
            harderAfter(killAt, StopMode.KILL, started);
        }
        if (mode == StopMode.FAST) {
            harderAfter(killAt / 2, StopMode.IMMEDIATE, started);
        }
    }

    /** Unless the process that was to be stopped has gone. */
    private void harderAfter(long nanos, StopMode mode, long started) {
        lane.after(
                Duration.ofNanos(nanos),
                () -> {
                    if (server.isAlive() && server.startedAt() == started) {
                        server.stop(mode, () -> {});
                    }
                });
    }

    @Override
    public void checkpoint(Consumer<Boolean> done) {
        node.observer()
                .effect(node, new Observer.Effect(Observer.Effect.Kind.CHECKPOINT, "CHECKPOINT"));
        lane.timer(
                world.millis(50, 2_000),
                () -> {
                    boolean works = server.phase() == Server.Phase.PRIMARY;
                    if (works) {
                        server.checkpointNow();
                    }
                    done.accept(works);
                });
    }

    @Override
    public void apply(Settings settings, Optional<ClusterView> view) {
        // Parameters have no effect in the model.
    }

    @Override
    public void history(int timeline, Consumer<List<HistoryLine>> to) {
        lane.timer(world.millis(1, 20), () -> to.accept(server.timeline().history()));
    }

    @Override
    public void close() {
        world.trace(node.name(), "connections to PostgreSQL closed");
    }
}
