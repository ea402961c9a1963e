package io.matriarch.daemon.http;

import io.matriarch.engine.codec.ClusterStore;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.PeerStatus;
import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.rest.ClusterSettings;
import io.matriarch.engine.rest.SwitchoverChecks;
import io.matriarch.engine.rest.SwitchoverRequest;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switchover and manual failover: check, write the request into the store, wake the loop, and watch
 * the store until the lease has moved. No thread waits meanwhile.
 */
final class SwitchoverEndpoints {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchoverEndpoints.class);
    private static final Duration PROBE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_READS = Duration.ofMillis(100);

    private final MemberControl control;
    private final ClusterStore store;
    private final PeerQuestion peers;
    private final StoreThreads threads;
    private final Ticker ticker;
    private final Clock clock;

    SwitchoverEndpoints(RestServer.Parts parts, StoreThreads threads) {
        this.control = parts.control();
        this.store = parts.store();
        this.peers = parts.peers();
        this.threads = threads;
        this.ticker = parts.ticker();
        this.clock = parts.clock();
    }

    CompletionStage<Response> switchover(Request request) {
        return start(request, false);
    }

    CompletionStage<Response> failover(Request request) {
        return start(request, true);
    }

    private CompletionStage<Response> start(Request request, boolean failover) {
        RequestBody body = RequestBody.required(request);
        if (body.refusal().isPresent()) {
            return CompletableFuture.completedFuture(body.refusal().get());
        }
        SwitchoverRequest order = SwitchoverRequest.of(body.object(), failover);
        LOG.info(
                "received {} request with leader={} candidate={} scheduled_at={} from {}",
                failover ? "failover" : "switchover",
                order.leader().orElse("None"),
                order.candidate().orElse("None"),
                order.scheduledAt().map(Object::toString).orElse("None"),
                request.peer().getHostAddress());
        return threads.chain(() -> check(order));
    }

    private CompletionStage<Response> check(SwitchoverRequest order) {
        ClusterView view = store.read();
        SwitchoverChecks checks = new SwitchoverChecks(order, view, ClusterSettings.of(view));
        SwitchoverChecks.Verdict verdict = checks.verdict(OffsetDateTime.now(clock));
        if (verdict.refusal().isPresent()) {
            return now(Response.of(verdict.refusal().get()));
        }
        if (verdict.scheduledAt().isPresent()) {
            return now(
                    write(order, view, verdict.scheduledAt())
                            .orElse(Response.of(checks.scheduled())));
        }
        return anyGood(verdict.candidates())
                .thenCompose(
                        good ->
                                good
                                        ? threads.chain(() -> carryOut(order, view, checks))
                                        : now(Response.of(checks.noGoodCandidates())));
    }

    /** Asks all at once; whether one at least can take over. */
    private CompletableFuture<Boolean> anyGood(List<Member> candidates) {
        List<CompletableFuture<Optional<PeerStatus>>> answers =
                candidates.stream().map(member -> peers.ask(member, PROBE)).toList();
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                .thenApply(
                        done ->
                                answers.stream()
                                        .map(CompletableFuture::join)
                                        .anyMatch(SwitchoverChecks::isGoodCandidate));
    }

    private CompletionStage<Response> carryOut(
            SwitchoverRequest order, ClusterView view, SwitchoverChecks checks) {
        Optional<Response> failed = write(order, view, Optional.empty());
        return failed.isPresent()
                ? now(failed.get())
                : watch(checks, Deadline.after(ticker, checks.patience()));
    }

    /** The answer, if the request could not be written. */
    private Optional<Response> write(
            SwitchoverRequest order, ClusterView view, Optional<OffsetDateTime> at) {
        try {
            Guard guard = view.failoverVersion().map(Guard::version).orElseGet(Guard::absent);
            if (store.failover(order.toStore(at), guard).isApplied()) {
                control.wake();
                return Optional.empty();
            }
            LOG.warn("the request was not written, because another one was faster");
        } catch (DcsException e) {
            LOG.warn("the request was not written: {}", e.getMessage());
        }
        return Optional.of(Response.of(SwitchoverChecks.notWritten()));
    }

    private CompletionStage<Response> watch(SwitchoverChecks checks, Deadline deadline) {
        return threads.later(BETWEEN_READS, () -> look(checks, deadline));
    }

    private CompletionStage<Response> look(SwitchoverChecks checks, Deadline deadline) {
        Optional<Response> outcome = read().flatMap(checks::outcome).map(Response::of);
        if (outcome.isPresent()) {
            return now(outcome.get());
        }
        return deadline.passed() ? now(Response.of(checks.unknown())) : watch(checks, deadline);
    }

    private Optional<ClusterView> read() {
        try {
            return Optional.of(store.read());
        } catch (DcsException e) {
            LOG.debug("the store did not answer while a switchover is watched", e);
            return Optional.empty();
        }
    }

    /** Forgets a scheduled switchover; the key stays and becomes empty. */
    CompletionStage<Response> cancel(Request request) {
        return threads.answer(
                () -> {
                    ClusterView view = store.read();
                    boolean scheduled =
                            view.failover().filter(order -> order.isScheduled()).isPresent();
                    if (!scheduled || view.failoverVersion().isEmpty()) {
                        return Response.text(404, "no switchover is scheduled");
                    }
                    boolean cleared =
                            store.clearFailover(Guard.version(view.failoverVersion().get()))
                                    .isApplied();
                    if (!cleared) {
                        return Response.page(409);
                    }
                    control.wake();
                    return Response.text(200, "scheduled switchover deleted");
                });
    }

    private static CompletionStage<Response> now(Response response) {
        return CompletableFuture.completedFuture(response);
    }
}
