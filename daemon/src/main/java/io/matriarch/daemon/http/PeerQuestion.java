package io.matriarch.daemon.http;

import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.PeerStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks a member about itself; empty if it does not answer in time. Does not wait. */
@FunctionalInterface
public interface PeerQuestion {
    CompletableFuture<Optional<PeerStatus>> ask(Member member, Duration budget);
}
