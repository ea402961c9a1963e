package io.matriarch.dcs.etcd;

import io.etcd.jetcd.Client;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Makes requests to the store, each within one deadline that is spent over the endpoints. Safe for
 * any thread.
 */
final class Calls implements AutoCloseable {
    /** What may be done about an attempt whose reply was lost, or is late. */
    enum Repeat {
        /**
         * Repeat it, also at another endpoint while the first one thinks: the caller need not know,
         * and the answer that comes first will do.
         */
        READ,
        /** Repeat it; if no reply comes at all, the outcome is unknown. */
        HARMLESS,
        /** Leave it to the caller. */
        NEVER
    }

    private final Endpoints endpoints;
    private final Connections connections;
    private final CountDownLatch closed = new CountDownLatch(1);

    Calls(Endpoints endpoints, Connections connections) {
        this.endpoints = endpoints;
        this.connections = connections;
    }

    /**
     * Sends a request until it is answered.
     *
     * @param what what is asked for, for messages
     * @throws StoreRejected if the store answered with an error that only the caller can act on
     */
    <T> T call(
            String what,
            Repeat repeat,
            Deadline deadline,
            Function<Client, CompletableFuture<T>> request) {
        return new Trip<>(this, endpoints, connections, what, repeat, deadline, request).run();
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Waits, but not beyond the deadline or {@link #close}. */
    void pause(long nanos, Deadline deadline) {
        try {
            closed.await(Math.min(nanos, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DcsException.NotApplied("interrupted while waiting for etcd", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
