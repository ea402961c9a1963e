package io.matriarch.conformance;

import io.matriarch.conformance.history.Stall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Wakes up every few milliseconds and notes when it was late: then the machine did not let this
 * process run, and lateness of others proves nothing.
 */
final class Pulse implements AutoCloseable {
    private static final long BEAT = Duration.ofMillis(5).toNanos();
    private static final long LATE = Duration.ofMillis(30).toNanos();

    private final ConcurrentLinkedQueue<Stall> stalls = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    private Pulse() {}

    static Pulse start() {
        Pulse pulse = new Pulse();
        Thread thread = new Thread(pulse::beat, "conformance-pulse");
        thread.setDaemon(true);
        thread.start();
        return pulse;
    }

    private void beat() {
        long last = System.nanoTime();
        while (!over) {
            RealTime.passUntil(last + BEAT);
            long now = System.nanoTime();
            if (now - last > LATE) {
                stalls.add(new Stall(last, now));
            }
            last = now;
        }
    }

    List<Stall> stalls() {
        return List.copyOf(stalls);
    }

    @Override
    public void close() {
        over = true;
    }
}
