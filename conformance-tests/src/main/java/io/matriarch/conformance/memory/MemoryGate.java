package io.matriarch.conformance.memory;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The way between clients and a {@link MemoryStore}, which a test can close: what a fault proxy is
 * to a real store. Safe for use by any thread.
 *
 * <p>{@link State#SILENT} and {@link State#MUTE} make calls wait in real time. A simulation in
 * virtual time models its own network and leaves every gate open.
 */
public final class MemoryGate {
    /** What becomes of a request. */
    public enum State {
        /** It is answered. */
        OPEN,
        /** It is refused at once: nobody listens. */
        REFUSING,
        /** It is answered with an error: the servers that are left are no majority. */
        MINORITY,
        /** Nothing comes back, and the store never sees it: frozen or black-holed. */
        SILENT,
        /** The store applies it and the reply is lost. */
        MUTE
    }

    private final Object changed = new Object();
    private final List<Runnable> onOpen = new CopyOnWriteArrayList<>();
    private State state = State.OPEN;
    private Duration replyDelay = Duration.ZERO;
    private long connection = 1;

    MemoryGate() {}

    /** Changes the state; clients are told to read everything again when the gate opens. */
    public void set(State next) {
        boolean opened;
        synchronized (changed) {
            opened = state != State.OPEN && next == State.OPEN;
            state = next;
            replyDelay = Duration.ZERO;
            changed.notifyAll();
        }
        if (opened) {
            onOpen.forEach(Runnable::run);
        }
    }

    /** Opens the gate, and holds each reply back for this time. */
    public void delayReplies(Duration delay) {
        set(State.OPEN);
        synchronized (changed) {
            replyDelay = delay;
        }
    }

    /**
     * Opens the gate to new connections. Those that there are carry nothing any more, and neither
     * side is told: a middlebox forgot them.
     */
    public void halfOpen() {
        set(State.OPEN);
        synchronized (changed) {
            connection++;
        }
    }

    /** The number of the connection that whoever connects now gets. */
    long connection() {
        synchronized (changed) {
            return connection;
        }
    }

    boolean isOpen() {
        synchronized (changed) {
            return state == State.OPEN;
        }
    }

    void onOpen(Runnable action) {
        onOpen.add(action);
    }

    void forget(Runnable action) {
        onOpen.remove(action);
    }

    /** Lets a request pass, or throws without its having reached the store. */
    void admit(Deadline deadline) {
        synchronized (changed) {
            while (state == State.SILENT && !deadline.passed()) {
                pause(deadline);
            }
            if (deadline.passed()) {
                throw new DcsException.NotApplied("no answer from the store by the deadline");
            }
            if (state == State.REFUSING) {
                throw new DcsException.NotApplied("the store refuses connections");
            }
            if (state == State.MINORITY) {
                throw new DcsException.NotApplied("the servers have no majority");
            }
        }
    }

    /** Lets the reply to an applied request pass, or throws: when the fault ends, or in time. */
    void answer(Deadline deadline) {
        synchronized (changed) {
            if (state != State.MUTE && replyDelay.isZero()) {
                return;
            }
            boolean lost = state == State.MUTE;
            Deadline arrival = lost ? deadline : deadline.atMost(replyDelay);
            while (!arrival.passed() && (!lost || state == State.MUTE)) {
                pause(arrival);
            }
            if (!lost && !deadline.passed()) {
                return;
            }
        }
        throw new DcsException.OutcomeUnknown("the store's reply was lost");
    }

    private void pause(Deadline deadline) {
        try {
            // The extra millisecond keeps a remainder below one from being a wait for ever.
            TimeUnit.NANOSECONDS.timedWait(changed, deadline.remainingNanos() + 1_000_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DcsException.OutcomeUnknown("interrupted while waiting for the store", e);
        }
    }
}
