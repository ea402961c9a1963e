package io.matriarch.daemon.http;

import io.matriarch.engine.port.MemberReport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Reports whose picture of PostgreSQL is young. */
@FunctionalInterface
public interface Freshness {
    /**
     * Completes within two seconds, never exceptionally.
     *
     * @param maxAge how old the picture may be; zero for one that is taken after this call
     */
    CompletableFuture<MemberReport> report(Duration maxAge);
}
