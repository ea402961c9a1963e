package io.matriarch.daemon.http;

import io.matriarch.conformance.memory.MemoryDcsProvider;
import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.engine.codec.ClusterStore;
import io.matriarch.engine.config.HostPort;
import io.matriarch.engine.config.RestApiConfig;
import io.matriarch.engine.model.PeerStatus;
import io.matriarch.engine.model.Tags;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A REST server at a free port of the loopback, with a member and a store that the test sets. */
final class Api implements AutoCloseable {
    static final Scope SCOPE = new Scope("/service", "demo");

    final FakeMember member = new FakeMember();
    final MemoryStore memory;
    final ClusterStore store;
    final RestServer server;
    volatile Optional<PeerStatus> peer =
            Optional.of(
                    new PeerStatus(
                            false, new io.matriarch.engine.model.Lsn(1), 1, Tags.NONE, false));
    private final ScheduledExecutorService alarms =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task);
                        thread.setDaemon(true);
                        return thread;
                    });
    private final Dcs dcs;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Api() throws IOException {
        this(plain());
    }

    Api(RestApiConfig config) throws IOException {
        this(config, Limits.DEFAULT);
    }

    Api(RestApiConfig config, Limits limits) throws IOException {
        memory = MemoryStore.onRealClock(alarms);
        dcs =
                new MemoryDcsProvider(memory)
                        .open(
                                new DcsConfig(
                                        SCOPE,
                                        Optional.empty(),
                                        new Section("memory", Map.of()),
                                        DcsSettings.defaults(),
                                        Ticker.system()),
                                hint -> {});
        store = new ClusterStore(dcs, SCOPE, Ticker.system(), () -> Duration.ofMillis(500));
        server =
                new RestServer(
                        new RestServer.Parts(
                                member,
                                age -> CompletableFuture.completedFuture(member.report()),
                                store,
                                (asked, budget) -> CompletableFuture.completedFuture(peer),
                                member::reload,
                                Ticker.system(),
                                Clock.systemUTC()),
                        limits);
        server.start(config);
    }

    /** Puts an entry into the store as a peer would have written it. */
    Api put(String key, String text) {
        memory.put(SCOPE, key, text);
        return this;
    }

    /** The member sees what the store holds. */
    Api seen() {
        member.view = Optional.of(store.read());
        return this;
    }

    Api threeMembers() {
        put("initialize", "7711187191231420287")
                .put("leader", "pg1")
                .put("status", "{\"optime\":5}");
        for (String name : List.of("pg1", "pg2", "pg3")) {
            put(
                    "members/" + name,
                    "{\"conn_url\":\"postgres://127.0.0.1:5432/postgres\","
                            + "\"api_url\":\"http://127.0.0.1:8008/patroni\","
                            + "\"state\":\"running\",\"role\":\"replica\"}");
        }
        return put("config", "{\"ttl\":30,\"postgresql\":{\"use_slots\":true}}").seen();
    }

    /** Status and body, with one space between. */
    String call(String method, String path) {
        HttpResponse<String> response = send(method, path, null, Map.of());
        return (response.statusCode() + " " + response.body()).trim();
    }

    String call(String method, String path, String body) {
        HttpResponse<String> response = send(method, path, body, Map.of());
        return (response.statusCode() + " " + response.body()).trim();
    }

    HttpResponse<String> send(
            String method, String path, String body, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .timeout(Duration.ofSeconds(30))
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    CompletableFuture<String> start(String method, String path, String body) {
        return CompletableFuture.supplyAsync(() -> call(method, path, body));
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    int port() {
        return server.address().getPort();
    }

    static RestApiConfig plain() {
        return new Settings().config();
    }

    @Override
    public void close() {
        server.close();
        dcs.close();
        alarms.shutdownNow();
    }

    /** The REST section, changed step by step. */
    static final class Settings {
        int port;
        Optional<String> username = Optional.empty();
        Optional<String> password = Optional.empty();
        Optional<String> cert = Optional.empty();
        Optional<String> key = Optional.empty();
        Optional<String> keyPassword = Optional.empty();
        Optional<String> ca = Optional.empty();
        Optional<String> ciphers = Optional.empty();
        String verifyClient = "none";
        List<String> allowlist = List.of();
        boolean includeMembers;
        Map<String, String> headers = Map.of();
        String tokens = "original";

        RestApiConfig config() {
            HostPort address = new HostPort(List.of("127.0.0.1"), port);
            return new RestApiConfig(
                    address,
                    address,
                    username,
                    password,
                    cert,
                    key,
                    keyPassword,
                    ca,
                    ciphers,
                    verifyClient,
                    allowlist,
                    includeMembers,
                    headers,
                    tokens);
        }
    }
}
