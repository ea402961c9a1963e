package io.matriarch.engine.simulation;

import io.matriarch.engine.port.Scheduler;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Virtual time: a queue of events, the true clock, the one source of chance, and the verdict. What
 * happens is a function of the seed alone.
 */
final class World implements Ticker {
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final SplittableRandom random;
    private final Trace trace;
    private final List<Watcher> watchers = new ArrayList<>();
    private long now;
    private long sequence;
    private long events;
    private Optional<Violation> violation = Optional.empty();

    World(long seed, int traceLines) {
        this.random = new SplittableRandom(seed);
        this.trace = new Trace(traceLines);
    }

    /** Looks at the world between events. */
    interface Watcher {
        /** What is true now stayed true until {@code time}, when the next event happens. */
        void until(long time);

        /** An event has just happened. */
        void after();
    }

    private static final class Event implements Comparable<Event>, Scheduler.Cancellable {
        private final long time;
        private final long order;
        private Runnable task;

        private Event(long time, long order, Runnable task) {
            this.time = time;
            this.order = order;
            this.task = task;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }

        @Override
        public void cancel() {
            task = () -> {};
        }
    }

    /** True time in nanoseconds since the beginning. */
    @Override
    public long nanos() {
        return now;
    }

    void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    Scheduler.Cancellable at(long time, Runnable task) {
        Event event = new Event(Math.max(time, now), sequence++, task);
        queue.add(event);
        return event;
    }

    Scheduler.Cancellable after(long nanos, Runnable task) {
        return at(now + nanos, task);
    }

    Scheduler.Cancellable after(Duration delay, Runnable task) {
        return at(now + delay.toNanos(), task);
    }

    /** Runs events up to and including {@code time}, or to the first violation. */
    void runUntil(long time) {
        while (violation.isEmpty() && !queue.isEmpty() && queue.peek().time <= time) {
            Event event = queue.poll();
            for (Watcher watcher : watchers) {
                watcher.until(event.time);
            }
            now = event.time;
            event.task.run();
            events++;
            for (Watcher watcher : watchers) {
                watcher.after();
            }
        }
        if (violation.isEmpty()) {
            now = Math.max(now, time);
        }
    }

    void runFor(Duration time) {
        runUntil(now + time.toNanos());
    }

    /** Runs until the condition holds; false if {@code patience} ran out first. */
    boolean runUntil(java.util.function.BooleanSupplier condition, Duration patience) {
        long last = now + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (violation.isPresent() || queue.isEmpty() || queue.peek().time > last) {
                return false;
            }
            runUntil(queue.peek().time);
        }
        return true;
    }

    long events() {
        return events;
    }

    /** Keeps the first violation: what follows it may be its consequence. */
    void violated(String invariant, String detail) {
        trace("!!", "VIOLATION " + invariant + ": " + detail);
        if (violation.isEmpty()) {
            violation = Optional.of(new Violation(invariant, now, detail));
        }
    }

    Optional<Violation> violation() {
        return violation;
    }

    void trace(String who, String what) {
        trace.add(now, who, what);
    }

    List<String> traceLines() {
        return trace.lines();
    }

    // ---- chance

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    int pick(int bound) {
        return random.nextInt(bound);
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Nanoseconds between the two, both in milliseconds. */
    long millis(long least, long most) {
        return random.nextLong(least * 1_000_000L, most * 1_000_000L + 1);
    }

    double fraction(double least, double most) {
        return least + (most - least) * random.nextDouble();
    }
}
