package io.matriarch.conformance.proxy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The fault that is in force on one proxy, and the waiting for its end. Safe for any thread. */
final class Weather {
    enum Fault {
        NONE,
        BLACK_HOLE,
        REPLIES_DROPPED,
        CUT
    }

    private Fault fault = Fault.NONE;
    private Duration delay = Duration.ZERO;
    private boolean over;

    synchronized void set(Fault next, Duration replyDelay) {
        fault = next;
        delay = replyDelay;
        notifyAll();
    }

    /** Ends all waiting for good. */
    synchronized void end() {
        over = true;
        notifyAll();
    }

    synchronized Fault fault() {
        return fault;
    }

    /** Returns when bytes may travel again; false if the proxy was closed. */
    synchronized boolean awaitPassage() throws InterruptedException {
        while (fault == Fault.BLACK_HOLE && !over) {
            wait();
        }
        return !over;
    }

    /** Lets the time of a delayed reply pass; a fault or the proxy's end cuts it short. */
    synchronized void awaitReplyDelay() throws InterruptedException {
        long end = System.nanoTime() + delay.toNanos();
        while (!over && !delay.isZero()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return;
            }
            // The extra millisecond keeps a remainder below one from being a wait for ever.
            TimeUnit.NANOSECONDS.timedWait(this, left + 1_000_000);
        }
    }
}
