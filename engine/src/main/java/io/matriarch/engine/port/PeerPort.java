package io.matriarch.engine.port;

import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.PeerStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks other members about themselves ({@code GET /patroni}). */
@FunctionalInterface
public interface PeerPort {
    /**
     * @param budget connect and read together
     * @param to receives the answer on the decision lane, empty when the member did not answer, is
     *     without an API URL, or its PostgreSQL is not up
     */
    void probe(Member member, Duration budget, Consumer<Optional<PeerStatus>> to);
}
