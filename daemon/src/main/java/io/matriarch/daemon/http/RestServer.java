package io.matriarch.daemon.http;

import io.matriarch.engine.codec.ClusterStore;
import io.matriarch.engine.config.RestApiConfig;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.rest.TlsContexts;
import io.matriarch.spi.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The REST API of one member. {@link #start} and {@link #reload} come from one thread at a time;
 * requests are answered on the server's own threads, all of them daemon threads.
 */
public final class RestServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);

    /**
     * What the server is made of.
     *
     * @param control the member
     * @param freshness its reports with a young picture of PostgreSQL
     * @param store the cluster's entries
     * @param peers asks other members
     * @param reload reads the local configuration again
     * @param ticker the clock of {@code MemberReport.nextRun}
     * @param clock wall time, for scheduled requests
     */
    public record Parts(
            MemberControl control,
            Freshness freshness,
            ClusterStore store,
            PeerQuestion peers,
            Runnable reload,
            Ticker ticker,
            Clock clock) {}

    private final MemberControl control;
    private final StoreThreads threads = new StoreThreads();
    private final HttpServer server;
    private volatile RestApiConfig config;
    private volatile AccessControl access;
    private ListenState listening;

    /**
     * @throws IOException if no threads can be started
     */
    public RestServer(Parts parts) throws IOException {
        this(parts, Limits.DEFAULT);
    }

    RestServer(Parts parts, Limits limits) throws IOException {
        control = parts.control();
        StatusEndpoints status = new StatusEndpoints(control, parts.freshness(), parts.ticker());
        ClusterEndpoints cluster = new ClusterEndpoints(control, parts.store(), threads);
        MemberEndpoints member = new MemberEndpoints(control, parts.reload(), parts.clock());
        SwitchoverEndpoints switchover = new SwitchoverEndpoints(parts, threads);
        Routes routes = new Routes(status::health, this::guarded);
        addStatus(routes, status);
        routes.open("GET", "cluster", cluster::cluster)
                .open("GET", "config", cluster::config)
                .guarded("PATCH", "config", cluster::patchConfig)
                .guarded("PUT", "config", cluster::putConfig)
                .guarded("POST", "switchover", switchover::switchover)
                .guarded("POST", "failover", switchover::failover)
                .guarded("DELETE", "switchover", switchover::cancel)
                .guarded("POST", "restart", member::restart)
                .guarded("DELETE", "restart", member::cancelRestart)
                .guarded("POST", "reinitialize", member::reinitialize)
                .guarded("POST", "reload", member::reload);
        server = new UndertowServer(routes, () -> config, limits);
    }

    private static void addStatus(Routes routes, StatusEndpoints status) {
        routes.open("GET", "patroni", status::status).open("GET", "history", status::history);
        // The peer answers HEAD and OPTIONS of these two with 503; nobody can rely on that.
        for (String method : List.of("GET", "HEAD", "OPTIONS")) {
            routes.open(method, "liveness", status::liveness)
                    .open(method, "readiness", status::readiness);
        }
    }

    /**
     * Starts to listen.
     *
     * @throws IOException one sentence, if the address cannot be used
     * @throws IllegalArgumentException one sentence, if a TLS file or the list of ciphers is
     *     unusable
     */
    public void start(RestApiConfig first) throws IOException {
        ListenState state = ListenState.of(first);
        use(first);
        server.listen(first);
        listening = state;
    }

    private void use(RestApiConfig next) {
        access = new AccessControl(next, this::memberUrls);
        config = next;
    }

    /**
     * Applies a configuration that was read again. The listener is reopened only if something that
     * it depends on changed, the content of TLS files included; if the new one does not work, the
     * old one stays and the reason is logged.
     */
    public void reload(RestApiConfig next) {
        try {
            ListenState state = ListenState.of(next);
            if (!state.equals(listening)) {
                reopen(next, state);
            }
            use(next);
        } catch (IOException | IllegalArgumentException e) {
            LOG.error("the REST API keeps its old configuration: {}", e.getMessage());
        }
    }

    private void reopen(RestApiConfig next, ListenState state) throws IOException {
        if (next.certFile().isPresent()) {
            // What is unusable must be found out before the old listener is closed.
            UndertowServer.ciphers(next, TlsContexts.server(next));
        }
        server.stopListening();
        try {
            server.listen(next);
        } catch (IOException | IllegalArgumentException e) {
            server.listen(config);
            throw e;
        }
        listening = state;
        LOG.info("the REST API listens at {} with its new configuration", next.listen());
    }

    /** Where it listens; with port 0 configured, the port that was found. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** Names may have to be looked up, so even the checks are made where waiting is allowed. */
    private Endpoint guarded(Endpoint endpoint) {
        return request ->
                threads.chain(
                        () -> {
                            CompletionStage<Response> answer =
                                    access.refusal(request)
                                            .<CompletionStage<Response>>map(
                                                    CompletableFuture::completedFuture)
                                            .orElseGet(() -> endpoint.answer(request));
                            return answer;
                        });
    }

    private List<String> memberUrls() {
        return control.report().lastView().map(ClusterView::members).stream()
                .flatMap(members -> members.values().stream())
                .map(Member::apiUrl)
                .flatMap(java.util.Optional::stream)
                .toList();
    }

    @Override
    public void close() {
        server.close();
        threads.close();
    }
}
