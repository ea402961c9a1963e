package io.matriarch.daemon.wiring;

import io.matriarch.engine.config.ConfigException;
import io.matriarch.engine.config.ConfigLoader;
import io.matriarch.engine.config.LocalConfig;
import io.matriarch.engine.plugin.DcsProviders;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of the embedded store that runs no PostgreSQL: the third vote for two servers. {@link
 * #run} blocks until {@link #stop}, which may be called from any thread.
 */
public final class WitnessProcess {
    private static final Logger LOG = LoggerFactory.getLogger(WitnessProcess.class);
    private static final String STORE = "raft";

    private final LocalConfig config;
    private final DcsProviders providers;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * @param file any configuration with a section {@code raft}; the rest of it is ignored
     * @throws ConfigException one sentence, if it cannot be used
     */
    public WitnessProcess(
            Optional<Path> file, Map<String, String> environment, DcsProviders providers) {
        this.config =
                ConfigLoader.loadForCtl(
                                file,
                                environment,
                                Optional.of("witness"),
                                Optional.empty(),
                                Optional.empty(),
                                providers.plugIns())
                        .config();
        this.providers = providers;
        if (!config.dcs().name().equals(STORE)) {
            throw new ConfigException(
                    "a witness is a member of the embedded store, but the store is "
                            + config.dcs().name()
                            + "; give it a file with a section "
                            + STORE);
        }
    }

    /** How it shall log. */
    public LocalConfig.LogConfig log() {
        return config.log();
    }

    /**
     * @return the exit code
     * @throws StartFailure if it was interrupted
     * @throws DcsException.Misconfigured one sentence, if the section cannot be used
     */
    public int run() throws StartFailure {
        Section section = config.dcs().with("witness", true);
        DcsConfig store =
                new DcsConfig(
                        config.scope(),
                        Optional.empty(),
                        section,
                        DcsSettings.defaults(),
                        Ticker.system());
        Dcs witness = providers.open(store, hint -> {});
        try {
            LOG.info("the witness runs");
            stopped.await();
            LOG.info("the witness was told to end");
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("the witness was interrupted", e);
        } finally {
            witness.close();
        }
    }

    /** Ends it; a second call changes nothing. */
    public void stop() {
        stopped.countDown();
    }
}
