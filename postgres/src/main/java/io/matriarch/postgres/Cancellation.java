package io.matriarch.postgres;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The wish that one action ends early. Waits of the action end with it. */
final class Cancellation {
    /** How often another process's state is looked at: it has no way to tell us. */
    static final Duration TICK = Duration.ofMillis(20);

    private final CountDownLatch cancelled = new CountDownLatch(1);

    void cancel() {
        cancelled.countDown();
    }

    boolean cancelled() {
        return cancelled.getCount() == 0;
    }

    /**
     * Waits.
     *
     * @return false if cancelled
     */
    boolean pause(Duration time) {
        try {
            return !cancelled.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // The lanes are interrupted only when the daemon closes: the action ends the same way.
            cancel();
            Thread.currentThread().interrupt();
            return false;
        }
    }

    boolean tick() {
        return pause(TICK);
    }
}
