package io.matriarch.engine.simulation;

import io.matriarch.engine.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One life of one daemon: its decision lane and its clock, which runs a little too fast or too
 * slow. A frozen daemon runs nothing until it thaws, though its clock goes on; a killed one runs
 * nothing ever again.
 */
final class DaemonLane implements Scheduler {
    private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final World world;
    private final String name;
    private final double rate;
    private final long offset;
    private final List<Runnable> held = new ArrayList<>();
    private boolean frozen;
    private boolean dead;
    private Runnable afterEach = () -> {};
    private long thawedAt = Long.MIN_VALUE / 2;

    /**
     * @param rate seconds that the daemon's clock counts in one true second
     */
    DaemonLane(World world, String name, double rate, long offset) {
        this.world = world;
        this.name = name;
        this.rate = rate;
        this.offset = offset;
    }

    @Override
    public long nanos() {
        return offset + Math.round(world.nanos() * rate);
    }

    /** The true instant at which this daemon's clock shows {@code nanos}. */
    long trueTime(long nanos) {
        return Math.round((nanos - offset) / rate);
    }

    @Override
    public Instant wall() {
        return ORIGIN.plusNanos(world.nanos());
    }

    @Override
    public void execute(Runnable task) {
        world.at(world.nanos(), () -> run(task));
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        return timer((long) Math.ceil(delay.toNanos() / rate), task);
    }

    /** Like {@link #after} in true nanoseconds: for what happens to the daemon from outside. */
    Cancellable timer(long trueNanos, Runnable task) {
        Pending pending = new Pending(task);
        world.after(Math.max(0, trueNanos), () -> run(pending));
        return pending;
    }

    private static final class Pending implements Runnable, Cancellable {
        private Runnable task;

        private Pending(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            task.run();
        }

        /** Also when it is due and only waits for the daemon to thaw. */
        @Override
        public void cancel() {
            task = () -> {};
        }
    }

    private void run(Runnable task) {
        if (dead) {
            return;
        }
        if (frozen) {
            held.add(task);
            return;
        }
        try {
            task.run();
            afterEach.run();
        } catch (RuntimeException e) {
            world.violated("X0", name + " threw " + e + " at " + firstFrames(e));
        }
    }

    private static String firstFrames(RuntimeException e) {
        return java.util.Arrays.stream(e.getStackTrace())
                .limit(6)
                .map(StackTraceElement::toString)
                .collect(java.util.stream.Collectors.joining(" < "));
    }

    /** Runs after each task. */
    void afterEach(Runnable hook) {
        afterEach = hook;
    }

    void freeze() {
        frozen = true;
    }

    void thaw() {
        frozen = false;
        thawedAt = world.nanos();
        List<Runnable> due = List.copyOf(held);
        held.clear();
        due.forEach(this::execute);
    }

    void kill() {
        dead = true;
        held.clear();
    }

    boolean isFrozen() {
        return frozen;
    }

    boolean isDead() {
        return dead;
    }

    /** Could run code now. */
    boolean isRunning() {
        return !frozen && !dead;
    }

    /** True nanoseconds of the last thaw; long ago if there was none. */
    long thawedAt() {
        return thawedAt;
    }
}
