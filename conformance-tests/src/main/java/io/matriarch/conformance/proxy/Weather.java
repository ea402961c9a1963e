package io.matriarch.conformance.proxy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The fault that is in force on one proxy, and the waiting for its end. Safe for any thread. */
final class Weather {
    enum Fault {
        NONE,
        BLACK_HOLE,
        REQUESTS_DROPPED,
        REPLIES_DROPPED,
        TRICKLING,
        CUT
    }

    /** Between two bytes of a trickling reply. */
    static final int TRICKLE_MILLIS = 100;

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

    /** Lets the time between two trickling bytes pass; true if the next one trickles too. */
    synchronized boolean awaitTrickle() throws InterruptedException {
        passUntil(
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TRICKLE_MILLIS),
                () -> fault == Fault.TRICKLING);
        return fault == Fault.TRICKLING && !over;
    }

    /**
     * Lets the rest of the delay pass for a reply that came from the server at an instant; a fault
     * or the proxy's end cuts it short.
     */
    synchronized void awaitReplyDelay(long readAt) throws InterruptedException {
        passUntil(readAt + delay.toNanos(), () -> !delay.isZero());
    }

    private synchronized void passUntil(long end, BooleanSupplier goingOn)
            throws InterruptedException {
        for (long left = end - System.nanoTime();
                left > 0 && !over && goingOn.getAsBoolean();
                left = end - System.nanoTime()) {
            // The extra millisecond keeps a remainder below one from being a wait for ever.
            TimeUnit.NANOSECONDS.timedWait(this, left + 1_000_000);
        }
    }
}
