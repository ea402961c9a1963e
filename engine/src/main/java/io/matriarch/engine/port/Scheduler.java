package io.matriarch.engine.port;

import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.time.Instant;

/**
 * The decision lane: one thing at a time, in order. All callbacks of all ports arrive on it. {@link
 * Ticker#nanos()} is the monotonic clock of every lease and deadline.
 */
public interface Scheduler extends Ticker {
    /** Wall time, for people and for scheduled requests only. */
    Instant wall();

    /** Runs the task on the lane as soon as it is free. May be called from any thread. */
    void execute(Runnable task);

    /** Runs the task on the lane after the delay. May be called from any thread. */
    Cancellable after(Duration delay, Runnable task);

    /** A pending task. */
    @FunctionalInterface
    interface Cancellable {
        /** Harmless when the task has run already. */
        void cancel();
    }
}
