package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spends one deadline over the API servers. Each try gets a share of what is left, so that a frozen
 * server never eats the whole budget, and a failed one moves on. All requests can be sent twice
 * without harm ({@link ApiRequest}); a reply says whether an earlier try may have taken effect.
 * Safe for use by any thread.
 */
final class Calls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final long SMALLEST_SHARE = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(800);

    /** The client library ends the request itself; the wait for its word is this much longer. */
    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(30);

    /** A lone server is asked twice: its connection may be dead although it is not. */
    private static final int TRIES_OF_ONE = 2;

    private final Wire wire;
    private final Servers servers;
    private final Set<Integer> retriable;
    private final CountDownLatch closed = new CountDownLatch(1);

    Calls(Wire wire, Servers servers, Set<Integer> retriable) {
        this.wire = wire;
        this.servers = servers;
        this.retriable = retriable;
    }

    /**
     * Sends a request until it is answered with what the caller can act on: a success, 404, 409 or
     * another code that blames the request.
     */
    Reply call(ApiRequest request, Deadline deadline) {
        return new Trip(request, deadline, false).run();
    }

    /** The same, and bears with a lack of rights until the deadline: it may be a passing one. */
    Reply patiently(ApiRequest request, Deadline deadline) {
        return new Trip(request, deadline, true).run();
    }

    /** Waits, but not beyond the deadline or {@link #close}. */
    void pause(long nanos, Deadline deadline) {
        try {
            closed.await(Math.min(nanos, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DcsException.NotApplied("interrupted while waiting for Kubernetes", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }

    /** One call: all its tries. */
    private final class Trip {
        private final ApiRequest request;
        private final Deadline deadline;
        private final boolean patient;
        private boolean doubtful;
        private boolean credentialsRead;

        /** Whether a server that said it was ready lacked the right. */
        private boolean forbidden;

        private final Set<Server> ready = new HashSet<>();
        private Optional<Duration> wanted = Optional.empty();
        private Exception last = new TimeoutException("nothing was sent before the deadline");

        Trip(ApiRequest request, Deadline deadline, boolean patient) {
            this.request = request;
            this.deadline = deadline;
            this.patient = patient;
        }

        Reply run() {
            long pause = FIRST_PAUSE;
            while (!over()) {
                List<Server> round = servers.order();
                int badTls = 0;
                for (int i = 0; i < round.size() && !over(); i++) {
                    Server server = round.get(i);
                    try {
                        int left = round.size() - i;
                        Reply reply = attempt(request, server, left);
                        if (isForbidden(reply)) {
                            forbidden(reply, server, left);
                        } else if (settles(reply)) {
                            servers.answered(server);
                            return reply.doubtful(doubtful);
                        }
                        servers.failed(server);
                    } catch (ExecutionException | TimeoutException e) {
                        servers.failed(server);
                        remember(e);
                        doubtful |= request.writes() && !Failure.beforeSending(e);
                        badTls += Failure.badTls(e) ? 1 : 0;
                    }
                }
                if (badTls > 0 && badTls == round.size()) {
                    throw new DcsException.Misconfigured(
                            "the Kubernetes API at %s and this member do not agree on TLS (%s); check cacert and the certificates"
                                    .formatted(round, Failure.text(last)),
                            last);
                }
                rest(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            }
            throw unanswered();
        }

        /** What a server said tells more than that the time ran out over the next try. */
        private void remember(Exception failure) {
            boolean ranOut = failure instanceof TimeoutException && deadline.passed();
            if (!ranOut || last instanceof TimeoutException) {
                last = failure;
            }
        }

        private void rest(long pause) {
            try {
                pause(wanted.map(Duration::toNanos).orElse(pause), deadline);
            } catch (DcsException.NotApplied e) {
                // Interrupted, maybe after a try that was applied.
                throw doubtful ? new DcsException.OutcomeUnknown(e.getMessage(), e) : e;
            }
            wanted = Optional.empty();
        }

        private boolean over() {
            return deadline.passed() || closed.getCount() == 0;
        }

        private Reply attempt(ApiRequest request, Server server, int left)
                throws ExecutionException, TimeoutException {
            int tries = Math.max(left, TRIES_OF_ONE);
            long remaining = deadline.remainingNanos();
            long share = Math.min(remaining, Math.max(SMALLEST_SHARE, remaining / tries));
            long until = System.nanoTime() + share + GRACE;
            // Credentials that changed are read first, which takes from the share.
            Wire.Sent<Reply> sent = wire.send(server, request, share);
            try {
                long patience = Math.max(0, until - System.nanoTime());
                return sent.answer().get(patience, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw request.writes()
                        ? new DcsException.OutcomeUnknown(request.what() + ": interrupted", e)
                        : new DcsException.NotApplied(request.what() + ": interrupted", e);
            } finally {
                sent.giveUp().run();
            }
        }

        /**
         * Whether the caller can act on this; the rest is retried or nobody's but the operator's.
         */
        private boolean settles(Reply reply) {
            if (reply.is(Reply.UNAUTHORIZED)) {
                unauthorized(reply);
                return false;
            }
            boolean again =
                    reply.status() >= Reply.SERVER_ERROR
                            || reply.is(Reply.TOO_MANY)
                            || !reply.good() && reply.retryAfter().isPresent()
                            || retriable.contains(reply.status());
            if (again) {
                last = new IllegalStateException(reply.message());
                // A server that lost its store in the middle cannot tell what became of a write.
                doubtful |= request.writes() && reply.status() >= Reply.SERVER_ERROR;
                wanted = reply.retryAfter();
            }
            return !again;
        }

        private boolean isForbidden(Reply reply) {
            return reply.is(Reply.FORBIDDEN) && !retriable.contains(Reply.FORBIDDEN);
        }

        /**
         * A server that has just started forbids everything until it knows who may do what. Only
         * what it forbids after it said that it was ready is forbidden.
         */
        private void forbidden(Reply reply, Server server, int left) {
            last = new IllegalStateException(reply.message());
            forbidden = ready.contains(server);
            if (forbidden && !patient) {
                throw unanswered();
            }
            if (!forbidden && isReady(server, left)) {
                ready.add(server);
                wanted = Optional.of(Duration.ZERO);
            }
        }

        private boolean isReady(Server server, int left) {
            try {
                return !over() && attempt(ApiRequest.readiness(), server, left).good();
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("{} does not say whether it is ready: {}", server, Failure.text(e));
                return false;
            }
        }

        private void unauthorized(Reply reply) {
            last = new IllegalStateException(reply.message());
            if (credentialsRead) {
                throw new DcsException.Misconfigured(
                        "the Kubernetes API refused the credentials ("
                                + reply.message()
                                + "); correct the service account's token or the kubeconfig file");
            }
            credentialsRead = true;
            wire.doubt();
        }

        private DcsException forbidden() {
            return new DcsException.Misconfigured(
                    "the Kubernetes API forbids "
                            + request.what()
                            + " ("
                            + last.getMessage()
                            + "); grant the role of docs/kubernetes.md to this service account",
                    last);
        }

        private DcsException unanswered() {
            if (forbidden && !doubtful) {
                return forbidden();
            }
            String message =
                    "%s: no answer from the Kubernetes API at %s (%s)"
                            .formatted(request.what(), servers.order(), Failure.text(last));
            return doubtful
                    ? new DcsException.OutcomeUnknown(message, last)
                    : new DcsException.NotApplied(message, last);
        }
    }
}
