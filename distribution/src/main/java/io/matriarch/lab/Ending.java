package io.matriarch.lab;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether the lab was told to end. Every pause between two looks at the cluster is taken here, so
 * that Ctrl-C is heard at once. Safe for use by any thread.
 */
public final class Ending {
    private final CountDownLatch told = new CountDownLatch(1);

    public void tell() {
        told.countDown();
    }

    public boolean isTold() {
        return told.getCount() == 0;
    }

    /**
     * Waits, unless the lab is told to end.
     *
     * @return true if it was told
     */
    public boolean pause(Duration time) throws InterruptedException {
        return told.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
