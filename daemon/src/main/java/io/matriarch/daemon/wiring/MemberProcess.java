package io.matriarch.daemon.wiring;

import io.matriarch.daemon.http.RestServer;
import io.matriarch.daemon.logging.Logs;
import io.matriarch.engine.codec.ClusterStore;
import io.matriarch.engine.codec.Product;
import io.matriarch.engine.config.BootstrapConfig;
import io.matriarch.engine.config.ConfigException;
import io.matriarch.engine.config.DynamicConfig;
import io.matriarch.engine.config.LocalConfig;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.plugin.DcsProviders;
import io.matriarch.engine.rest.PeerProbe;
import io.matriarch.engine.rest.RestClient;
import io.matriarch.engine.shell.Ended;
import io.matriarch.engine.shell.HaMember;
import io.matriarch.postgres.LocalPostgres;
import io.matriarch.postgres.LocalPostgresSetup;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member's daemon from start to end. {@link #run} blocks until the end; {@link #stop} and
 * {@link #reload} may be called from any thread at any time.
 */
public final class MemberProcess {
    private static final Logger LOG = LoggerFactory.getLogger(MemberProcess.class);

    private final LocalFile local;
    private final DcsProviders providers;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private volatile RestClient client;
    private volatile Optional<Running> running = Optional.empty();

    private record Running(HaMember member, RestServer rest) {}

    /**
     * @param local the configuration
     * @param providers where the store is found
     */
    public MemberProcess(LocalFile local, DcsProviders providers) {
        this.local = local;
        this.providers = providers;
    }

    /**
     * @return the exit code, when the member has ended
     * @throws StartFailure one sentence, if it cannot start
     * @throws ConfigException one sentence, likewise
     * @throws DcsException.Misconfigured one sentence, likewise
     */
    public int run() throws StartFailure {
        try {
            return runOpened();
        } catch (IllegalArgumentException e) {
            // An unusable TLS file: the message names it.
            throw new StartFailure(e.getMessage(), e);
        } finally {
            close();
            tellOfServer();
        }
    }

    /** The member never came to look after a server that ran before. */
    private void tellOfServer() {
        if (running.isEmpty() && serverRuns()) {
            LOG.warn(
                    "PostgreSQL keeps running in {} without this daemon: unless another daemon"
                            + " watches it, it is not stopped when another member becomes primary",
                    local.postgresql(Map.of()).dataDir());
        }
    }

    private int runOpened() throws StartFailure {
        LocalConfig config = local.config();
        LOG.info("Matriarch {} starts member {}", Product.version(), config.name());
        client = RestClient.ofMember(config.ctl());
        Settings first =
                DynamicConfig.settings(
                                config.bootstrap().map(BootstrapConfig::dcs).orElse(Map.of()))
                        .settings();
        DecisionLane decision = closing(new DecisionLane());
        Relay relay = new Relay();
        LocalPostgres postgres = closing(LocalServer.of(local, decision, relay)).port();
        // Before anything that takes time: a server may run whose lease is about to end.
        postgres.guardInherited();
        Dcs dcs = closing(providers.open(store(config, first, decision), relay));
        ClusterStore store =
                new ClusterStore(dcs, config.scope(), decision, () -> retryTimeout(first));
        if (!new TwinCheck(store, client, stopped, this::serverRuns).pass(config.name())) {
            return 0;
        }
        return serve(decision, relay, postgres, dcs, store);
    }

    /** By its lock file; the member itself looks closer. */
    private boolean serverRuns() {
        Path lock = Path.of(local.postgresql(Map.of()).dataDir()).resolve("postmaster.pid");
        try (Stream<String> lines = Files.lines(lock)) {
            return lines.findFirst()
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.trim())))
                    .isPresent();
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException | UncheckedIOException | NumberFormatException e) {
            LOG.warn("{} cannot be read: {}", lock, e.toString());
            return false;
        }
    }

    private int serve(
            DecisionLane decision, Relay relay, LocalPostgres postgres, Dcs dcs, ClusterStore store)
            throws StartFailure {
        LocalConfig config = local.config();
        StoreLanes lanes = closing(new StoreLanes(dcs, config.scope(), decision));
        PeerProbe peers = new PeerProbe(decision, () -> client);
        HaMember member = new HaMember(local, decision, lanes, postgres, peers);
        relay.bind(member);
        RestServer rest =
                listen(
                        new RestServer.Parts(
                                member,
                                new FreshReports(member, postgres, decision),
                                store,
                                peers::ask,
                                this::reload,
                                decision,
                                Clock.systemUTC()));
        running = Optional.of(new Running(member, rest));
        member.start();
        if (stopped.getCount() == 0) {
            end(running.get());
        }
        return await(member, new Farewell(postgres));
    }

    private RestServer listen(RestServer.Parts parts) throws StartFailure {
        try {
            RestServer rest = closing(new RestServer(parts));
            rest.start(local.restapi());
            return rest;
        } catch (IOException e) {
            throw new StartFailure(e.getMessage(), e);
        }
    }

    private static int await(HaMember member, Farewell farewell) throws StartFailure {
        try {
            Ended end = member.ended().toCompletableFuture().get();
            if (end.code() == 0) {
                LOG.info(
                        "the member has ended{}",
                        end.message().isEmpty() ? "" : ": " + end.message());
                return 0;
            }
            farewell.say();
            throw new StartFailure(end.message());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("the daemon was interrupted", e);
        } catch (ExecutionException e) {
            throw new StartFailure("the member ended unexpectedly: " + e.getCause(), e.getCause());
        }
    }

    private static DcsConfig store(LocalConfig config, Settings first, DecisionLane decision) {
        return new DcsConfig(
                config.scope(),
                Optional.of(config.name()),
                config.dcs(),
                new DcsSettings(first.ttl(), first.loopWait(), first.retryTimeout()),
                decision);
    }

    private Duration retryTimeout(Settings first) {
        return running.map(r -> r.member().report().settings()).orElse(first).retryTimeout();
    }

    /** Ends the member in good order; a second call changes nothing. */
    public synchronized void stop() {
        if (stopped.getCount() > 0) {
            LOG.info("the daemon was told to end");
            stopped.countDown();
            running.ifPresent(this::end);
        }
    }

    private void end(Running r) {
        r.rest().close();
        r.member().shutdown();
    }

    /** Reads the local configuration again and applies what may change while the daemon runs. */
    public synchronized void reload() {
        local.reload();
        Logs.apply(local.config().log());
        try {
            client = RestClient.ofMember(local.config().ctl());
        } catch (IllegalArgumentException e) {
            LOG.error("calls to other members keep their old settings: {}", e.getMessage());
        }
        running.ifPresent(
                r -> {
                    r.rest().reload(local.restapi());
                    r.member().reload();
                });
    }

    private <T extends AutoCloseable> T closing(T thing) {
        opened.push(thing);
        return thing;
    }

    private void close() {
        while (!opened.isEmpty()) {
            AutoCloseable thing = opened.pop();
            try {
                thing.close();
            } catch (Exception e) {
                // The end of the process: one thing that does not close must not keep the others.
                LOG.warn("{} did not close cleanly", thing.getClass().getSimpleName(), e);
            }
        }
    }

    /** The local server, with an end that the others have too. */
    private record LocalServer(LocalPostgres port) implements AutoCloseable {
        static LocalServer of(LocalFile local, DecisionLane decision, Relay relay) {
            LocalConfig config = local.config();
            return new LocalServer(
                    new LocalPostgres(
                            new LocalPostgresSetup(
                                    config.name(),
                                    config.scope().name(),
                                    local::postgresql,
                                    local::bootstrap,
                                    List.of(),
                                    Optional.empty()),
                            decision,
                            relay));
        }

        @Override
        public void close() {
            port.close();
        }
    }
}
