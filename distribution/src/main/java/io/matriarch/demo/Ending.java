package io.matriarch.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether the demo was told to end. Every pause between two looks at the cluster is taken here, so
 * that Ctrl-C is heard at once. Safe for use by any thread.
 */
final class Ending {
    private final CountDownLatch told = new CountDownLatch(1);

    void tell() {
        told.countDown();
    }

    boolean isTold() {
        return told.getCount() == 0;
    }

    /**
     * Waits, unless the demo is told to end.
     *
     * @return true if it was told
     */
    boolean pause(Duration time) throws InterruptedException {
        return told.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
