package io.matriarch.engine.simulation;

import io.matriarch.engine.port.StopMode;
import io.matriarch.engine.port.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A PostgreSQL instance: data directory and process. It lives on whatever becomes of its daemon.
 *
 * <p>Pessimistic where it matters: a stopping primary counts as taking writes until its last
 * session is gone, because a session that was told to end may still finish its commit.
 */
final class Server {
    /** Bytes that a shutdown checkpoint adds. */
    private static final long CHECKPOINT_RECORD = 120;

    private final World world;
    private final String name;
    private final Fleet fleet;
    private final Tempo tempo = new Tempo();
    private final List<Runnable> whenDown = new ArrayList<>();
    private Consumer<String> listener = why -> {};

    private Phase phase = Phase.DOWN;
    private boolean wasPrimary;
    private boolean sessions;
    private StopMode stopping = StopMode.FAST;
    private final List<Runnable> whenShutDown = new ArrayList<>();
    private long life;

    private Optional<String> systemId = Optional.empty();
    private Timeline timeline = Timeline.first();
    private long position;
    private long settledAt;
    private String control = "";
    private long checkpoint;
    private boolean standbySignal;
    private Optional<Upstream> upstream = Optional.empty();
    private Optional<Long> connectedAt = Optional.empty();
    private Optional<Timeline> checkpointed = Optional.empty();
    private long startedAt;
    private long enteredAt;
    private boolean bootstrapping;
    private OptionalLong notedLease = OptionalLong.empty();
    private boolean rewindFailed;

    Server(World world, String name, Fleet fleet) {
        this.world = world;
        this.name = name;
        this.fleet = fleet;
    }

    /** What the process is doing. */
    enum Phase {
        DOWN,
        /** Recovering; accepts nobody. */
        STARTING,
        STANDBY,
        PRIMARY,
        /** Told to stop; a former primary's sessions may still commit. */
        DRAINING,
        /** No session is left; the process still lives. */
        CHECKPOINTING
    }

    /** What is slow or broken about this machine; set by faults. */
    static final class Tempo {
        boolean slowStop;
        boolean slowCheckpoint;
        boolean slowStart;
        boolean failsToStart;
        boolean laggingReplication;
    }

    // ---- observation

    String name() {
        return name;
    }

    Tempo tempo() {
        return tempo;
    }

    Phase phase() {
        return phase;
    }

    boolean isAlive() {
        return phase != Phase.DOWN;
    }

    String describe() {
        return name
                + " ("
                + phase
                + ", timeline "
                + timeline.number()
                + " from "
                + timeline.begins()
                + ", at "
                + position
                + ", upstream "
                + upstream.map(Upstream::member).orElse("none")
                + ")";
    }

    /** Accepts connections. */
    boolean isUp() {
        return phase == Phase.PRIMARY || phase == Phase.STANDBY;
    }

    /** A commit could succeed now. */
    boolean takesWrites() {
        return phase == Phase.PRIMARY || (phase == Phase.DRAINING && sessions);
    }

    /** Is, or while it stops or lies there was, out of recovery. */
    boolean isOrWasPrimary() {
        return phase == Phase.PRIMARY || (phase != Phase.STANDBY && wasPrimary);
    }

    boolean hasData() {
        return systemId.isPresent();
    }

    Optional<String> systemId() {
        return systemId;
    }

    Timeline timeline() {
        return timeline;
    }

    long position() {
        fleet.settle();
        return position;
    }

    String control() {
        return control;
    }

    /** Of the latest checkpoint. */
    long checkpoint() {
        return checkpoint;
    }

    boolean standbySignal() {
        return standbySignal;
    }

    Optional<Upstream> upstream() {
        return upstream;
    }

    /** The WAL receiver is connected. */
    boolean isStreaming() {
        fleet.settle();
        return connectedAt.filter(at -> at <= world.nanos()).isPresent();
    }

    /** The walsenders of this server, as pg_stat_replication shows them. */
    List<Map<String, Object>> senders() {
        return fleet.servers().stream()
                .filter(other -> other != this && other.isStreaming())
                .filter(other -> other.upstream.filter(u -> u.member().equals(name)).isPresent())
                .map(
                        other ->
                                Map.<String, Object>of(
                                        "application_name", other.name, "state", "streaming"))
                .toList();
    }

    /** Has written a checkpoint on its present timeline: usable as the source of a rewind. */
    boolean hasCheckpointed() {
        return checkpointed.filter(t -> t == timeline).isPresent();
    }

    long startedAt() {
        return startedAt;
    }

    /** When the present phase began, of those that are announced. */
    long enteredAt() {
        return enteredAt;
    }

    /** True nanoseconds until which a daemon had its lease proven. */
    OptionalLong notedLease() {
        return notedLease;
    }

    void noteLease(OptionalLong until) {
        notedLease = hasData() ? until : OptionalLong.empty();
    }

    /** Between initdb and the first lease. */
    boolean isBootstrapping() {
        return bootstrapping;
    }

    void bootstrapped() {
        bootstrapping = false;
    }

    void listen(Consumer<String> to) {
        listener = to;
    }

    /** Runs once, when no process is left; at once if there is none. */
    void whenDown(Runnable task) {
        if (phase == Phase.DOWN) {
            task.run();
        } else {
            whenDown.add(task);
        }
    }

    // ---- the data directory

    void initialize(String newSystemId) {
        systemId = Optional.of(newSystemId);
        timeline = Timeline.first();
        position = 0x1000000;
        control = "shut down";
        checkpoint = position;
        standbySignal = false;
        checkpointed = Optional.of(timeline);
        bootstrapping = true;
        world.trace(name, "data directory initialised, system id " + newSystemId);
    }

    /** Becomes a copy of the other's directory as it is now, set up as a standby. */
    void copyFrom(Server source) {
        fleet.settle();
        systemId = source.systemId;
        timeline = source.timeline;
        position = source.position;
        settledAt = world.nanos();
        control = "in archive recovery";
        checkpoint = position;
        standbySignal = true;
        wasPrimary = false;
        rewindFailed = false;
        world.trace(name, "data directory copied from " + source.name);
    }

    /** Becomes a stopped server of another cluster. */
    void adopt(String foreignSystemId) {
        initialize(foreignSystemId);
        bootstrapping = false;
        wasPrimary = true;
    }

    /** pg_rewind broke off: the directory may be of use to nobody. */
    void rewindFailed() {
        rewindFailed = true;
    }

    boolean hasFailedRewind() {
        return rewindFailed;
    }

    void wipe() {
        world.trace(name, "data directory removed");
        systemId = Optional.empty();
        bootstrapping = false;
        notedLease = OptionalLong.empty();
        wasPrimary = false;
        control = "";
        upstream = Optional.empty();
        standbySignal = false;
    }

    void configure(boolean standby, Optional<Upstream> from) {
        fleet.settle();
        standbySignal = standby;
        upstream = from;
        connectedAt = Optional.empty();
    }

    /** What single-user recovery leaves. */
    void recoverSingleUser() {
        position += CHECKPOINT_RECORD;
        checkpoint = position;
        control = "shut down";
        standbySignal = false;
    }

    void checkpointNow() {
        fleet.settle();
        checkpoint = position;
        checkpointed = Optional.of(timeline);
    }

    // ---- the process

    /** Starts it in the role that the directory says. */
    void launch(Runnable ready) {
        fleet.settle();
        boolean crashed = control.equals("in production") || control.equals("in crash recovery");
        phase = Phase.STARTING;
        startedAt = world.nanos();
        wasPrimary = !standbySignal;
        control = standbySignal ? "in archive recovery" : "in crash recovery";
        connectedAt = Optional.empty();
        long me = ++life;
        world.trace(name, "PostgreSQL starting as " + (standbySignal ? "standby" : "primary"));
        long takes = world.millis(150, 1200) + (crashed ? world.millis(200, 3000) : 0);
        if (tempo.slowStart) {
            takes += world.millis(5_000, 20_000);
        }
        boolean fails = tempo.failsToStart;
        world.after(
                takes,
                () -> {
                    if (life != me || phase != Phase.STARTING) {
                        return;
                    }
                    if (fails) {
                        down("PostgreSQL failed to start");
                    } else {
                        started();
                        ready.run();
                    }
                });
    }

    private void started() {
        fleet.settle();
        if (standbySignal) {
            enter(Phase.STANDBY, "PostgreSQL is up as standby");
        } else {
            control = "in production";
            checkpointed = Optional.of(timeline);
            enter(Phase.PRIMARY, "PostgreSQL is up as primary");
        }
    }

    /** Ends recovery. */
    void promote(Runnable ended) {
        long me = life;
        world.trace(name, "promote signalled");
        world.after(
                world.millis(30, 1500),
                () -> {
                    if (life != me || phase != Phase.STANDBY) {
                        return;
                    }
                    fleet.settle();
                    timeline = timeline.next(position);
                    wasPrimary = true;
                    standbySignal = false;
                    connectedAt = Optional.empty();
                    control = "in production";
                    enter(Phase.PRIMARY, "promoted to timeline " + timeline.number());
                    checkpointByItself(life);
                    ended.run();
                });
    }

    /** The checkpoint that a promotion asks for is spread over minutes. */
    private void checkpointByItself(long me) {
        world.after(
                world.millis(20_000, 200_000),
                () -> {
                    if (life == me && phase == Phase.PRIMARY) {
                        checkpointNow();
                    }
                });
    }

    /**
     * Signals it. A harder signal overtakes a softer one.
     *
     * @param cleanly runs when pg_control says "shut down"
     */
    void stop(StopMode mode, Runnable cleanly) {
        if (phase == Phase.DOWN) {
            return;
        }
        boolean already = phase == Phase.DRAINING || phase == Phase.CHECKPOINTING;
        if (mode == StopMode.FAST) {
            whenShutDown.add(cleanly);
        }
        if (already && mode.ordinal() <= stopping.ordinal()) {
            return;
        }
        fleet.settle();
        world.trace(name, "PostgreSQL told to stop: " + mode);
        stopping = mode;
        long me = ++life;
        if (!already) {
            sessions = phase == Phase.PRIMARY;
            phase = Phase.DRAINING;
        }
        switch (mode) {
            case FAST -> drain(me);
            case IMMEDIATE ->
                    downAfter(
                            me,
                            tempo.slowStop ? world.millis(4_000, 5_300) : world.millis(10, 200));
            case KILL -> downAfter(me, world.millis(2, 40));
        }
    }

    private void drain(long me) {
        long takes = tempo.slowStop ? world.millis(3_000, 20_000) : world.millis(5, 200);
        boolean primary = sessions;
        boolean recovering = control.equals("in archive recovery");
        world.after(
                takes,
                () -> {
                    if (life != me) {
                        return;
                    }
                    if (primary) {
                        enter(Phase.CHECKPOINTING, "sessions ended");
                        shutDown(me);
                    } else {
                        control = recovering ? "shut down in recovery" : control;
                        down("PostgreSQL stopped");
                    }
                });
    }

    private void shutDown(long me) {
        long takes = tempo.slowCheckpoint ? world.millis(2_000, 20_000) : world.millis(5, 400);
        world.after(
                takes,
                () -> {
                    if (life != me) {
                        return;
                    }
                    position += CHECKPOINT_RECORD;
                    checkpoint = position;
                    control = "shut down";
                    fleet.drainTo(this);
                    world.trace(name, "pg_control says shut down");
                    List.copyOf(whenShutDown).forEach(Runnable::run);
                    downAfter(me, world.millis(5, 1200));
                });
    }

    private void downAfter(long me, long nanos) {
        world.after(
                nanos,
                () -> {
                    if (life == me) {
                        down("PostgreSQL stopped");
                    }
                });
    }

    /** The postmaster and all its children die at once. */
    void crash() {
        if (phase != Phase.DOWN) {
            down("PostgreSQL crashed");
        }
    }

    private void down(String why) {
        fleet.settle();
        life++;
        connectedAt = Optional.empty();
        whenShutDown.clear();
        enter(Phase.DOWN, why);
        fleet.lostUpstream(this);
        List<Runnable> due = List.copyOf(whenDown);
        whenDown.clear();
        due.forEach(Runnable::run);
    }

    private void enter(Phase next, String why) {
        phase = next;
        enteredAt = world.nanos();
        world.trace(name, why);
        listener.accept(why);
    }

    /** The upstream went away. */
    void upstreamLost() {
        connectedAt = Optional.empty();
    }

    boolean streamsFrom(Server other) {
        return connectedAt.isPresent()
                && upstream.filter(u -> u.member().equals(other.name)).isPresent();
    }

    // ---- replication

    /** Brings the position up to now. */
    void settle() {
        long now = world.nanos();
        if (settledAt == now) {
            return;
        }
        long elapsed = now - settledAt;
        settledAt = now;
        if (phase == Phase.PRIMARY) {
            position += (long) (fleet.bytesPerSecond() * (elapsed / 1e9));
        } else if (phase == Phase.STANDBY) {
            receive(now);
        }
    }

    private void receive(long now) {
        Optional<Server> source = upstream.flatMap(u -> fleet.find(u.member()));
        source.ifPresent(Server::settle);
        if (source.filter(this::canStreamFrom).isEmpty()) {
            connectedAt = Optional.empty();
            return;
        }
        if (connectedAt.isEmpty()) {
            connectedAt = Optional.of(now + world.millis(10, 1500));
            return;
        }
        if (connectedAt.get() <= now) {
            take(source.get(), tempo.laggingReplication ? 5.0 : 0.1);
        }
    }

    private boolean canStreamFrom(Server source) {
        return source != this
                && source.phase != Phase.DOWN
                && source.phase != Phase.STARTING
                && source.systemId.equals(systemId)
                && fleet.network().talks(name, source.name)
                && source.timeline.continues(timeline, position, source.position);
    }

    private void take(Server source, double behindSeconds) {
        long behind =
                source.phase == Phase.PRIMARY ? (long) (behindSeconds * fleet.bytesPerSecond()) : 0;
        position = Math.max(position, source.position - behind);
        if (position >= source.timeline.begins()) {
            timeline = source.timeline;
        }
    }

    /** The stopping upstream sent everything up to its shutdown checkpoint. */
    void drainFrom(Server source) {
        if (streamsFrom(source) && !tempo.laggingReplication && canStreamFrom(source)) {
            take(source, 0);
        }
    }
}
