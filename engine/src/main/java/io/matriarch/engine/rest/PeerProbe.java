package io.matriarch.engine.rest;

import io.matriarch.engine.codec.ClusterCodec;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.PeerStatus;
import io.matriarch.engine.port.PeerPort;
import io.matriarch.engine.port.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks members by {@code GET /patroni}; any number of them at the same time. */
public final class PeerProbe implements PeerPort {
    private static final Logger LOG = LoggerFactory.getLogger(PeerProbe.class);
    private static final int OK = 200;

    private final Scheduler scheduler;
    private final Supplier<RestClient> client;

    /**
     * @param client asked for anew for each probe, because a reload may replace it
     */
    public PeerProbe(Scheduler scheduler, Supplier<RestClient> client) {
        this.scheduler = scheduler;
        this.client = client;
    }

    @Override
    public void probe(Member member, Duration budget, Consumer<Optional<PeerStatus>> to) {
        ask(member, budget).thenAccept(answer -> scheduler.execute(() -> to.accept(answer)));
    }

    /** The same, for a caller on another thread; never completes exceptionally. */
    public CompletableFuture<Optional<PeerStatus>> ask(Member member, Duration budget) {
        if (member.apiUrl().isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return client.get()
                .send("GET", member.apiUrl().get(), "/patroni", Optional.empty(), budget)
                .thenApply(PeerProbe::status)
                .exceptionally(
                        failure -> {
                            LOG.debug("{} did not answer", member.name(), failure);
                            return Optional.empty();
                        });
    }

    private static Optional<PeerStatus> status(Answer answer) {
        return answer.status() == OK ? ClusterCodec.peerStatus(answer.body()) : Optional.empty();
    }
}
