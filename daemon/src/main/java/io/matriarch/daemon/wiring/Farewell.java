package io.matriarch.daemon.wiring;

import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.StopMode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of PostgreSQL when the daemon ends because it cannot go on. A server that nobody
 * watches is not stopped when another member takes over, so it does not stay; in maintenance mode
 * it does.
 */
final class Farewell {
    private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);

    /** A fast stop waits for its clients to be told and its checkpoint to be written. */
    private static final Duration FAST = Duration.ofSeconds(60);

    private static final Duration LOOK = Duration.ofSeconds(15);

    /** The stop itself goes on to harder modes and ends. */
    private static final Duration MOST = Duration.ofMinutes(5);

    private final PostgresPort postgres;

    Farewell(PostgresPort postgres) {
        this.postgres = postgres;
    }

    /**
     * Blocks until PostgreSQL is stopped, or says why it is not.
     *
     * @param paused maintenance mode is on
     */
    void take(boolean paused) {
        try {
            if (!running()) {
                return;
            }
            if (paused) {
                LOG.warn(
                        "PostgreSQL keeps running although the daemon ends, because of maintenance"
                                + " mode");
                return;
            }
            LOG.warn("stopping PostgreSQL because the daemon cannot go on");
            ActionResult result = stop();
            if (result.succeeded()) {
                LOG.info("PostgreSQL is stopped");
            } else {
                LOG.error("PostgreSQL could not be stopped and nobody watches it: {}", result);
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.error(
                    "whether PostgreSQL still runs is not known; stop it by hand: {}",
                    e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.error("interrupted: whether PostgreSQL still runs is not known; stop it by hand");
        }
    }

    private boolean running() throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<LocalState> state = new CompletableFuture<>();
        postgres.observe(state::complete);
        return state.get(LOOK.toSeconds(), TimeUnit.SECONDS).postmasterAlive();
    }

    private ActionResult stop() throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<ActionResult> result = new CompletableFuture<>();
        postgres.start(
                new PostgresAction.Stop(StopMode.FAST, false, Optional.of(FAST), "shutdown"),
                new PostgresPort.ActionListener() {
                    @Override
                    public void progress(ActionProgress progress) {
                        LOG.debug("shutdown: {}", progress);
                    }

                    @Override
                    public void finished(ActionResult last) {
                        result.complete(last);
                    }
                });
        return result.get(MOST.toSeconds(), TimeUnit.SECONDS);
    }
}
