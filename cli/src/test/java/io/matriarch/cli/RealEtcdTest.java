package io.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.conformance.server.LoopbackPorts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way, from a configuration file to the keys of a real etcd. */
@Tag("real")
class RealEtcdTest {
    private static final String PROGRAM = "etcd";

    @TempDir private Path folder;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, String> environment = new HashMap<>();
    private Process etcd;
    private int port;
    private int deadPort;
    private Path config;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        assumeTrue(isInstalled(), "etcd is not installed: put it on the PATH");
        List<Integer> ports = LoopbackPorts.free(3);
        port = ports.get(0);
        int peerPort = ports.get(1);
        deadPort = ports.get(2);
        String client = "http://127.0.0.1:" + port;
        String peer = "http://127.0.0.1:" + peerPort;
        etcd =
                new ProcessBuilder(
                                PROGRAM,
                                "--data-dir=" + folder.resolve("data"),
                                "--listen-client-urls=" + client,
                                "--advertise-client-urls=" + client,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=default=" + peer)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("etcd.log").toFile())
                        .start();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::isHealthy);
        config = folder.resolve("ctl.yml");
        Files.writeString(config, "scope: demo\netcd3:\n  host: 127.0.0.1:" + port + "\n");
        put("initialize", "7711187191231420287");
        put("config", "{\"ttl\":30,\"loop_wait\":10}");
        put("leader", "pg1");
        put("status", "{\"optime\":67393056}");
        put("members/pg1", member(15431, "primary", ""));
        put(
                "members/pg2",
                member(
                        15432,
                        "replica",
                        ",\"receive_lsn\":67393056,\"replay_lsn\":67393056,"
                                + "\"replication_state\":\"streaming\""));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (etcd != null) {
            etcd.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void listsEditsAndLeavesARequestInTheStore() throws IOException, InterruptedException {
        String table =
                """
                + Cluster: demo (7711187191231420287) -----------+----+-------------+-----+------------+-----+
                | Member | Host            | Role    | State     | TL | Receive LSN | Lag | Replay LSN | Lag |
                +--------+-----------------+---------+-----------+----+-------------+-----+------------+-----+
                | pg1    | 127.0.0.1:15431 | Leader  | running   |  1 |             |     |            |     |
                | pg2    | 127.0.0.1:15432 | Replica | streaming |  1 |   0/4045620 |   0 |  0/4045620 |   0 |
                +--------+-----------------+---------+-----------+----+-------------+-----+------------+-----+
                """;
        CtlRun.Result listed = ctl("-c", config.toString(), "list");
        assertThat(listed.err()).isEmpty();
        assertThat(listed.out()).isEqualTo(table);
        environment.put("PATRONICTL_CONFIG_FILE", config.toString());
        CtlRun.Result edited = ctl("edit-config", "--force", "-q", "-s", "ttl=40");
        assertThat(edited.err()).isEmpty();
        assertThat(get("config")).isEqualTo("{\"ttl\":40,\"loop_wait\":10}");
        CtlRun.Result switched = ctl("switchover", "--force", "--candidate", "pg2");
        assertThat(switched.out()).contains("falling back to DCS\n+ Cluster: demo");
        assertThat(get("failover")).contains("\"leader\":\"pg1\"", "\"member\":\"pg2\"");
    }

    @Test
    void theUrlTakesThePlaceOfTheFile() throws IOException, InterruptedException {
        Files.writeString(config, "scope: demo\netcd3:\n  host: 127.0.0.1:" + deadPort + "\n");
        CtlRun.Result listed =
                ctl(
                        "-c",
                        config.toString(),
                        "-d",
                        "etcd3://127.0.0.1:" + port,
                        "list",
                        "-f",
                        "tsv");
        assertThat(listed.err()).isEmpty();
        assertThat(listed.out()).contains("demo\tpg1\t");
    }

    @Test
    void anUnreachableStoreIsOneSentenceWithinTenSeconds() throws IOException {
        Files.writeString(config, "scope: demo\netcd3:\n  host: 127.0.0.1:" + deadPort + "\n");
        long before = System.nanoTime();
        CtlRun.Result listed = ctl("-c", config.toString(), "list");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(11));
        assertThat(listed.code()).isEqualTo(1);
        assertThat(listed.out()).isEmpty();
        assertThat(listed.err()).startsWith("Error: The store gave no answer: ").hasLineCount(1);
    }

    @Test
    void whatIsMissingIsOneSentence() throws IOException {
        CtlRun.Result absent = ctl("-c", folder.resolve("none.yml").toString(), "list");
        assertThat(absent.err())
                .startsWith("Error: Provided config file ")
                .endsWith(
                        "none.yml not existing or no read rights. Check the -c/--config-file"
                                + " parameter\n");
        assertThat(absent.code()).isEqualTo(1);
        Files.writeString(config, "scope: demo\n");
        CtlRun.Result storeless = ctl("-c", config.toString(), "list");
        assertThat(storeless.err()).startsWith("Error: ").hasLineCount(1);
        assertThat(storeless.code()).isEqualTo(1);
        Files.writeString(config, "etcd3:\n  host: 127.0.0.1:" + port + "\n");
        CtlRun.Result nameless = ctl("-c", config.toString(), "list");
        assertThat(nameless.err()).contains("Listing members: No cluster names were provided");
        assertThat(nameless.code()).isZero();
    }

    private CtlRun.Result ctl(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console =
                new Console(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false);
        environment.put("XDG_CONFIG_HOME", folder.toString());
        int code =
                Ctl.run(
                        new Surroundings(
                                "patronictl",
                                console,
                                environment,
                                CtlRun.NOON,
                                new ConfiguredSessions(environment, console, Optional.empty()),
                                duration -> {}),
                        arguments);
        return new CtlRun.Result(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Its REST address is one where nobody listens. */
    private String member(int postgresPort, String role, String more) {
        return "{\"conn_url\":\"postgres://127.0.0.1:"
                + postgresPort
                + "/postgres\",\"api_url\":\"http://127.0.0.1:"
                + deadPort
                + "/patroni\",\"state\":\"running\",\"version\":\"4.1.4\",\"timeline\":1,"
                + "\"xlog_location\":67393056,\"role\":\""
                + role
                + "\""
                + more
                + "}";
    }

    private void put(String key, String text) throws IOException, InterruptedException {
        call("put", "{\"key\":\"" + path(key) + "\",\"value\":\"" + encoded(text) + "\"}");
    }

    private String get(String key) throws IOException, InterruptedException {
        String answer = call("range", "{\"key\":\"" + path(key) + "\"}");
        String value = answer.replaceAll("(?s).*\"value\":\"([^\"]*)\".*", "$1");
        return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }

    private static String path(String key) {
        return encoded("/service/demo/" + key);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private String call(String method, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + port + "/v3/kv/" + method))
                                .timeout(Duration.ofSeconds(10))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private boolean isHealthy() throws InterruptedException {
        try {
            return http.send(
                                    HttpRequest.newBuilder(
                                                    URI.create(
                                                            "http://127.0.0.1:" + port + "/health"))
                                            .timeout(Duration.ofSeconds(2))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            // Not up yet: asked again until the test's bound.
            return false;
        }
    }

    private static boolean isInstalled() {
        List<String> folders = Arrays.asList(System.getenv("PATH").split(":"));
        return Stream.of(PROGRAM)
                .anyMatch(
                        name ->
                                folders.stream()
                                        .anyMatch(in -> Files.isExecutable(Path.of(in, name))));
    }
}
