package io.matriarch.dcs.etcd;

import io.etcd.jetcd.Client;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call with all its attempts, in laps over the endpoints. Each attempt gets a share of what is
 * left, so that one frozen endpoint never eats the whole budget, and a failed attempt moves on.
 *
 * <p>A request that may be at several endpoints at a time is sent to the next one as soon as the
 * first was slow: so a frozen endpoint costs a moment, and those requests that must not be repeated
 * lightly follow to the endpoint that answered. Endpoints that failed meanwhile, as all do during
 * an election, are asked again while a silent one is still waited for. Used by one thread.
 */
final class Trip<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Trip.class);

    /** A healthy store answers sooner, also from another town and with a handshake. */
    private static final long SLOW = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long SMALLEST_SHARE = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(800);

    /** gRPC ends the request itself; the wait for its word is this much longer. */
    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(50);

    /** A request on its way to one endpoint. */
    private record Sent<T>(
            Endpoint endpoint, Client client, Attempt attempt, CompletableFuture<T> answer) {
        long waitNanos() {
            return attempt.remainingNanos() + GRACE;
        }

        /** What the store said; if nothing, its time is up. */
        T said() throws ExecutionException, TimeoutException {
            if (!answer.isDone()) {
                throw new TimeoutException("no answer from " + endpoint);
            }
            try {
                return answer.join();
            } catch (CompletionException e) {
                throw new ExecutionException(e.getCause());
            }
        }
    }

    private final Calls calls;
    private final Endpoints endpoints;
    private final Connections connections;
    private final String what;
    private final Calls.Repeat repeat;
    private final Deadline deadline;
    private final Function<Client, CompletableFuture<T>> request;

    private final Deque<Endpoint> untried = new ArrayDeque<>();
    private final List<Sent<T>> underway = new ArrayList<>();
    private final BlockingQueue<Sent<T>> ended = new LinkedBlockingQueue<>();
    private final Set<Endpoint> authenticatedAnew = new HashSet<>();
    private final Set<Endpoint> badTls = new HashSet<>();
    private long pause = FIRST_PAUSE;
    private long nextStart = System.nanoTime();
    private boolean sent;
    private Throwable last = new TimeoutException("nothing was sent before the deadline");

    /** From then on nobody reads {@link #ended}. */
    private volatile boolean over;

    Trip(
            Calls calls,
            Endpoints endpoints,
            Connections connections,
            String what,
            Calls.Repeat repeat,
            Deadline deadline,
            Function<Client, CompletableFuture<T>> request) {
        this.calls = calls;
        this.endpoints = endpoints;
        this.connections = connections;
        this.what = what;
        this.repeat = repeat;
        this.deadline = deadline;
        this.request = request;
    }

    T run() {
        try {
            while (!timeIsUp() || !underway.isEmpty()) {
                startIfDue();
                Optional<T> answer = awaitEnd().flatMap(this::answer);
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
            throw unanswered();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            last = e;
            throw unanswered();
        } finally {
            over = true;
        }
    }

    private boolean timeIsUp() {
        return deadline.passed() || calls.isClosed();
    }

    private boolean mayStart() {
        return !timeIsUp() && (underway.isEmpty() || repeat == Calls.Repeat.READ);
    }

    private long untilNextStart() {
        return nextStart - System.nanoTime();
    }

    private void startIfDue() {
        if (!mayStart() || untilNextStart() > 0) {
            return;
        }
        if (untried.isEmpty()) {
            untried.addAll(endpoints.order());
            untried.removeAll(underway.stream().map(Sent::endpoint).toList());
        }
        if (!untried.isEmpty()) {
            start(untried.poll(), untried.size() + 1);
        }
        nextStart = System.nanoTime() + (untried.isEmpty() ? pause() : SLOW);
    }

    /** Before another lap. */
    private long pause() {
        long now = pause;
        pause = Math.min(2 * pause, LONGEST_PAUSE);
        return now;
    }

    /** What an attempt came to; empty if another has to be made. */
    private Optional<T> answer(Sent<T> one) {
        try {
            T answer = one.said();
            endpoints.answered(one.endpoint());
            return Optional.of(answer);
        } catch (ExecutionException | TimeoutException e) {
            Fault fault = failed(one, e);
            if (fault == Fault.STALE_TOKEN || fault == Fault.AUTH_DISABLED) {
                // The same endpoint once more, with what the fault asked for.
                untried.addFirst(one.endpoint());
            }
            if (fault == Fault.BAD_TLS) {
                badTls.add(one.endpoint());
                mustNotAllBeBadTls();
            }
            if (!untried.isEmpty()) {
                nextStart = System.nanoTime();
            }
            return Optional.empty();
        }
    }

    private void mustNotAllBeBadTls() {
        if (badTls.containsAll(endpoints.order())) {
            throw new DcsException.Misconfigured(
                    "etcd and this member do not agree on TLS ("
                            + Fault.text(last)
                            + "); check protocol, cacert, cert and key",
                    last);
        }
    }

    /**
     * The last endpoint of a lap gets all that is left: a slow answer beats none, and a connection
     * that is dead is noticed by the watch, which throws it away under this request.
     */
    private void start(Endpoint endpoint, int shares) {
        Client client = connections.to(endpoint);
        long left = deadline.remainingNanos();
        Attempt attempt = new Attempt(Math.min(left, Math.max(SMALLEST_SHARE, left / shares)));
        Sent<T> one = new Sent<>(endpoint, client, attempt, started(client, attempt));
        underway.add(one);
        one.answer().whenComplete((answer, failure) -> ended(one, Optional.ofNullable(failure)));
    }

    /** A client that was closed by another thread fails here instead of in its future. */
    private CompletableFuture<T> started(Client client, Attempt attempt) {
        try {
            return attempt.context().call(() -> request.apply(client));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        } catch (Exception e) {
            throw new IllegalStateException("a request throws no checked exception", e);
        }
    }

    /** On a thread of the library. An endpoint that was overtaken and stays silent is dead too. */
    private void ended(Sent<T> one, Optional<Throwable> failure) {
        if (!over) {
            ended.add(one);
        } else if (failure.filter(f -> Fault.of(f) == Fault.UNREACHABLE).isPresent()) {
            LOG.debug("{} at {} was overtaken and never answered", what, one.endpoint());
            connections.discard(one.client());
        }
    }

    /** The next attempt to end, or whose time is up; empty when it is time to start another. */
    private Optional<Sent<T>> awaitEnd() throws InterruptedException {
        if (underway.isEmpty()) {
            calls.pause(Math.max(0, untilNextStart()), deadline);
            return Optional.empty();
        }
        long patience = underway.stream().mapToLong(Sent::waitNanos).min().orElse(0);
        if (mayStart()) {
            patience = Math.min(patience, untilNextStart());
        }
        Sent<T> first = ended.poll(Math.max(0, patience), TimeUnit.NANOSECONDS);
        Optional<Sent<T>> next =
                first == null
                        ? underway.stream().filter(s -> s.waitNanos() <= 0).findFirst()
                        : Optional.of(first).filter(underway::contains);
        next.ifPresent(
                one -> {
                    underway.remove(one);
                    sent |= one.attempt().sent();
                });
        return next;
    }

    private Fault failed(Sent<T> one, Exception e) {
        Throwable failure = e instanceof ExecutionException ? e.getCause() : e;
        remember(failure);
        Fault fault = Fault.of(failure);
        LOG.debug("{} at {} failed as {}", what, one.endpoint(), fault, failure);
        if (fault != Fault.NO_QUORUM && fault != Fault.LEASE_GONE) {
            connections.discard(one.client());
        }
        switch (fault) {
            case STALE_TOKEN:
            case FORBIDDEN:
            case AUTH_WANTED:
                return authenticateAnew(one.endpoint(), fault);
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
                endpoints.answered(one.endpoint());
                throw new StoreRejected(fault, what + ": " + Fault.text(last), last);
            default:
                if (sent && repeat == Calls.Repeat.NEVER) {
                    throw unanswered();
                }
                return fault;
        }
    }

    /** What was said tells more than that the time ran out over the next attempt. */
    private void remember(Throwable failure) {
        if (Fault.said(failure) || !Fault.said(last)) {
            last = failure;
        }
    }

    /** A right that is missing with a fresh token too is the operator's to give. */
    private Fault authenticateAnew(Endpoint endpoint, Fault fault) {
        if (fault == Fault.AUTH_WANTED && !connections.withCredentials()) {
            throw new DcsException.Misconfigured(
                    "etcd wants a user; set username and password in the section of etcd", last);
        }
        if (authenticatedAnew.add(endpoint)) {
            return Fault.STALE_TOKEN;
        }
        if (fault == Fault.STALE_TOKEN) {
            return Fault.UNREACHABLE;
        }
        throw new DcsException.Misconfigured(
                "etcd denies this user: " + what + "; grant it readwrite on all keys of the scope",
                last);
    }

    private DcsException unanswered() {
        String message =
                "%s: no answer from etcd at %s (%s)"
                        .formatted(what, endpoints.text(), Fault.text(last));
        boolean arrived = sent || underway.stream().anyMatch(one -> one.attempt().sent());
        return arrived && repeat != Calls.Repeat.READ
                ? new DcsException.OutcomeUnknown(message, last)
                : new DcsException.NotApplied(message, last);
    }
}
