package io.matriarch.cli;

import com.sun.net.httpserver.HttpServer;
import io.matriarch.conformance.memory.MemoryDcsProvider;
import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.engine.codec.ClusterStore;
import io.matriarch.engine.config.CtlConfig;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster in memory, a REST server that answers as told, and the tool run against both. */
final class CtlRun implements AutoCloseable {
    static final Clock NOON =
            Clock.fixed(Instant.parse("2026-11-23T12:00:00.123456789Z"), ZoneOffset.UTC);

    final MemoryStore store = new MemoryStore(Ticker.system());
    final Map<String, String> environment = new HashMap<>();
    final List<String> requests = new ArrayList<>();
    final List<Runnable> naps = new ArrayList<>();
    private final Map<String, ApiAnswer> answers = new HashMap<>();
    private final HttpServer server;
    private String name = "patronictl";

    /** How a run ended. */
    record Result(int code, String out, String err) {}

    CtlRun() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
                    requests.add((line + " " + body).strip());
                    ApiAnswer answer = answers.getOrDefault(line, new ApiAnswer(404, "unexpected"));
                    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(answer.status(), bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    static Scope scope(String cluster) {
        return new Scope("/service/", cluster);
    }

    CtlRun calledAs(String program) {
        name = program;
        return this;
    }

    CtlRun key(String key, String text) {
        store.put(scope("demo"), key, text);
        return this;
    }

    /** A member of the stub server, with more fields as they stand in its key. */
    CtlRun member(String member, int port, String fields) {
        return key(
                "members/" + member,
                "{\"conn_url\":\"postgres://127.0.0.1:"
                        + port
                        + "/postgres\",\"api_url\":\"http://127.0.0.1:"
                        + server.getAddress().getPort()
                        + "/patroni\","
                        + fields
                        + "}");
    }

    /** pg1 leads, pg2 and pg3 stream from it. */
    CtlRun threeMembers() {
        String replica =
                "\"state\":\"running\",\"role\":\"replica\",\"version\":\"4.1.4\",\"timeline\":1,"
                        + "\"xlog_location\":67425824,\"receive_lsn\":67425824,"
                        + "\"replay_lsn\":67425824,\"replication_state\":\"streaming\"";
        return key("initialize", "7711187191231420287")
                .key("config", "{\"ttl\":30,\"loop_wait\":10}")
                .key("leader", "pg1")
                .key("status", "{\"optime\":67425824}")
                .member(
                        "pg1",
                        15431,
                        "\"state\":\"running\",\"role\":\"primary\",\"version\":\"4.1.4\","
                                + "\"timeline\":1,\"xlog_location\":67425824")
                .member("pg2", 15432, replica)
                .member("pg3", 15433, replica);
    }

    CtlRun answers(String request, int status, String body) {
        answers.put(request, new ApiAnswer(status, body));
        return this;
    }

    /** No member answers any more. */
    void stopApi() {
        server.stop(0);
    }

    Optional<String> stored(String key) {
        try (Dcs dcs = open("demo")) {
            return dcs
                    .read(
                            scope("demo"),
                            io.matriarch.spi.Deadline.after(Ticker.system(), Duration.ofSeconds(1)))
                    .entries()
                    .values()
                    .stream()
                    .filter(entry -> entry.kind().key().equals(key))
                    .map(io.matriarch.spi.Entry::text)
                    .findFirst();
        }
    }

    /**
     * @param input what stands on standard input
     */
    Result run(String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console =
                new Console(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false);
        Surroundings surroundings =
                new Surroundings(
                        name, console, environment, NOON, new InMemory(), duration -> nap());
        int code = Ctl.run(surroundings, arguments);
        return new Result(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private void nap() throws InterruptedException {
        if (naps.isEmpty()) {
            throw new InterruptedException("nothing more happens in this test");
        }
        naps.remove(0).run();
    }

    private Dcs open(String cluster) {
        return new MemoryDcsProvider(store)
                .open(
                        new DcsConfig(
                                scope(cluster),
                                Optional.empty(),
                                new Section("memory", Map.of()),
                                DcsSettings.defaults(),
                                Ticker.system()),
                        hint -> {});
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private final class InMemory implements Sessions {
        @Override
        public CtlSession open(GlobalOptions options, Optional<String> cluster) {
            String opened = cluster.orElse("demo");
            Dcs dcs = CtlRun.this.open(opened);
            return new CtlSession(
                    opened,
                    new ClusterStore(
                            dcs, scope(opened), Ticker.system(), () -> Duration.ofSeconds(1)),
                    new RestMemberApi(
                            new CtlConfig(
                                    false,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.of("admin"),
                                    Optional.of("secret"))),
                    dcs::close);
        }

        @Override
        public List<String> configured(GlobalOptions options) {
            return List.of("demo");
        }
    }
}
