package io.matriarch.dcs.etcd;

import io.etcd.jetcd.Client;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spends one deadline over the endpoints. Each attempt gets a share of what is left, so that one
 * frozen endpoint never eats the whole budget, and a failed attempt moves on. Safe for any thread.
 */
final class Calls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    private static final long SMALLEST_SHARE = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(800);

    /** gRPC ends the request itself; the wait for its word is this much longer. */
    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(50);

    /** What may be done about an attempt whose reply was lost. */
    enum Repeat {
        /** Repeat it, and the caller need not know. */
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
        return new Trip<>(what, repeat, deadline, request).run();
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

    /** One call: all its attempts. */
    private final class Trip<T> {
        private final String what;
        private final Repeat repeat;
        private final Deadline deadline;
        private final Function<Client, CompletableFuture<T>> request;
        private boolean sent;
        private boolean authenticatedAnew;
        private Throwable last = new TimeoutException("nothing was sent before the deadline");

        Trip(
                String what,
                Repeat repeat,
                Deadline deadline,
                Function<Client, CompletableFuture<T>> request) {
            this.what = what;
            this.repeat = repeat;
            this.deadline = deadline;
            this.request = request;
        }

        T run() {
            long pause = FIRST_PAUSE;
            while (!over()) {
                List<Endpoint> round = endpoints.order();
                int badTls = 0;
                for (int i = 0; i < round.size() && !over(); i++) {
                    Endpoint endpoint = round.get(i);
                    Client client = connections.to(endpoint);
                    try {
                        T answer = attempt(client, round.size() - i);
                        endpoints.answered(endpoint);
                        return answer;
                    } catch (ExecutionException | TimeoutException e) {
                        Fault fault = failed(endpoint, client, e);
                        badTls += fault == Fault.BAD_TLS ? 1 : 0;
                        // The same endpoint once more, with what the fault asked for.
                        i -= fault == Fault.STALE_TOKEN || fault == Fault.AUTH_DISABLED ? 1 : 0;
                    }
                }
                if (badTls > 0 && badTls == round.size()) {
                    throw new DcsException.Misconfigured(
                            "etcd and this member do not agree on TLS ("
                                    + Fault.text(last)
                                    + "); check protocol, cacert, cert and key",
                            last);
                }
                pause(pause, deadline);
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            }
            throw unanswered();
        }

        private boolean over() {
            return deadline.passed() || closed.getCount() == 0;
        }

        /**
         * The last endpoint of a round gets all that is left: a slow answer beats none, and a
         * connection that is dead is noticed by the watch, which throws it away under this request.
         */
        private T attempt(Client client, int shares) throws ExecutionException, TimeoutException {
            long left = deadline.remainingNanos();
            Attempt attempt = new Attempt(Math.min(left, Math.max(SMALLEST_SHARE, left / shares)));
            try {
                CompletableFuture<T> answer = started(client, attempt);
                return answer.get(attempt.remainingNanos() + GRACE, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                sent |= attempt.sent();
                last = e;
                throw unanswered();
            } finally {
                sent |= attempt.sent();
            }
        }

        /** A client that was closed by another thread fails here instead of in its future. */
        private CompletableFuture<T> started(Client client, Attempt attempt)
                throws ExecutionException {
            try {
                return attempt.context().call(() -> request.apply(client));
            } catch (RuntimeException e) {
                throw new ExecutionException(e);
            } catch (Exception e) {
                throw new IllegalStateException("a request throws no checked exception", e);
            }
        }

        private Fault failed(Endpoint endpoint, Client client, Exception e) {
            last = e instanceof ExecutionException ? e.getCause() : e;
            Fault fault = Fault.of(last);
            LOG.debug("{} at {} failed as {}", what, endpoint, fault, last);
            if (fault != Fault.NO_QUORUM && fault != Fault.LEASE_GONE) {
                connections.discard(client);
            }
            switch (fault) {
                case STALE_TOKEN:
                case FORBIDDEN:
                case AUTH_WANTED:
                    return authenticateAnew(fault);
                case AUTH_DISABLED:
                    connections.withoutCredentials();
                    return fault;
                case BAD_CREDENTIALS:
                    throw new DcsException.Misconfigured(
                            "etcd refused the user or the password; correct username and password"
                                    + " in the section of etcd",
                            last);
                case LEASE_GONE:
                case NO_SPACE:
                case COMPACTED:
                case INVALID:
                    endpoints.answered(endpoint);
                    throw new StoreRejected(fault, what + ": " + Fault.text(last), last);
                default:
                    if (sent && repeat == Repeat.NEVER) {
                        throw unanswered();
                    }
                    return fault;
            }
        }

        /** A right that is missing with a fresh token too is the operator's to give. */
        private Fault authenticateAnew(Fault fault) {
            if (fault == Fault.STALE_TOKEN && authenticatedAnew) {
                return Fault.UNREACHABLE;
            }
            if (fault == Fault.AUTH_WANTED && !connections.withCredentials()) {
                throw new DcsException.Misconfigured(
                        "etcd wants a user; set username and password in the section of etcd",
                        last);
            }
            if (authenticatedAnew) {
                throw new DcsException.Misconfigured(
                        "etcd denies this user: "
                                + what
                                + "; grant it readwrite on all keys of the scope",
                        last);
            }
            authenticatedAnew = true;
            return Fault.STALE_TOKEN;
        }

        private DcsException unanswered() {
            String message =
                    "%s: no answer from etcd at %s (%s)"
                            .formatted(what, endpoints.text(), Fault.text(last));
            return sent && repeat != Repeat.READ
                    ? new DcsException.OutcomeUnknown(message, last)
                    : new DcsException.NotApplied(message, last);
        }
    }
}
