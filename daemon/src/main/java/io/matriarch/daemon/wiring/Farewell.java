package io.matriarch.daemon.wiring;

import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.PostgresPort;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what becomes of PostgreSQL when the daemon ends because it cannot go on. The rules have
 * stopped a primary before; a standby, and any server in maintenance mode, stays as it is.
 */
final class Farewell {
    private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);
    private static final Duration LOOK = Duration.ofSeconds(15);

    private final PostgresPort postgres;

    Farewell(PostgresPort postgres) {
        this.postgres = postgres;
    }

    void say() {
        try {
            CompletableFuture<LocalState> state = new CompletableFuture<>();
            postgres.observe(state::complete);
            if (state.get(LOOK.toSeconds(), TimeUnit.SECONDS).postmasterAlive()) {
                LOG.warn("PostgreSQL keeps running although the daemon ends");
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("whether PostgreSQL still runs is not known: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("interrupted: whether PostgreSQL still runs is not known");
        }
    }
}
