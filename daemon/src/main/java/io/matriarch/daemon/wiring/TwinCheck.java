package io.matriarch.daemon.wiring;

import io.matriarch.engine.codec.ClusterStore;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.rest.RestClient;
import io.matriarch.engine.rest.Unreachable;
import io.matriarch.spi.DcsException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Before anything else: no second daemon may run under this name. Waits for the store as long as it
 * takes, because without it nobody can tell; but not while a server runs here. That may be a
 * primary whose daemon died, and somebody has to stop it in time if its lease cannot be proven.
 */
final class TwinCheck {
    private static final Logger LOG = LoggerFactory.getLogger(TwinCheck.class);
    private static final Duration BETWEEN = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(3);

    private final ClusterStore store;
    private final RestClient client;
    private final CountDownLatch stopped;
    private final BooleanSupplier serverRuns;

    /**
     * @param stopped falls when the daemon is told to end
     * @param serverRuns whether PostgreSQL runs in the data directory
     */
    TwinCheck(
            ClusterStore store,
            RestClient client,
            CountDownLatch stopped,
            BooleanSupplier serverRuns) {
        this.store = store;
        this.client = client;
        this.stopped = stopped;
        this.serverRuns = serverRuns;
    }

    /**
     * @return whether to go on; false if the daemon was told to end meanwhile
     * @throws StartFailure if the name is taken
     * @throws DcsException.Misconfigured if no retry can help
     */
    boolean pass(String name) throws StartFailure {
        Optional<ClusterView> view = waitForView();
        Optional<String> url =
                view.flatMap(v -> Optional.ofNullable(v.members().get(name)))
                        .flatMap(Member::apiUrl);
        if (url.isPresent()) {
            try {
                client.get(url.get(), "/liveness", ANSWER);
                throw new StartFailure(
                        "Can't start; there is already a node named '" + name + "' running");
            } catch (Unreachable e) {
                LOG.debug("nobody answers under this name", e);
            }
        }
        return stopped.getCount() > 0;
    }

    private Optional<ClusterView> waitForView() throws StartFailure {
        while (stopped.getCount() > 0) {
            try {
                return Optional.of(store.read());
            } catch (DcsException.NotApplied | DcsException.OutcomeUnknown e) {
                LOG.warn(
                        "Can not get cluster from dcs: {}; trying again every {} seconds",
                        e.getMessage(),
                        BETWEEN.toSeconds());
            }
            if (serverRuns.getAsBoolean()) {
                LOG.warn("PostgreSQL runs here already: going on to watch it without the store");
                return Optional.empty();
            }
            try {
                if (stopped.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS)) {
                    return Optional.empty();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StartFailure("the start was interrupted", e);
            }
        }
        return Optional.empty();
    }
}
