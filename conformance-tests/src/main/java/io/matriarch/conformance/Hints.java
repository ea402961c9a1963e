package io.matriarch.conformance;

import io.matriarch.spi.DcsListener;
import io.matriarch.spi.EntryKind;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A listener that counts, so that a test can ask whether it was told of something since. */
final class Hints implements DcsListener {
    private long count;

    @Override
    public synchronized void changed(Set<EntryKind> hint) {
        count++;
        notifyAll();
    }

    synchronized long count() {
        return count;
    }

    /** Waits until more than {@code seen} hints have come; false if none did in time. */
    synchronized boolean awaitBeyond(long seen, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (count <= seen) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                // The extra millisecond keeps a remainder below one from being a wait for ever.
                TimeUnit.NANOSECONDS.timedWait(this, left + 1_000_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
