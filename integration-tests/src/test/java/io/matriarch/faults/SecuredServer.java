package io.matriarch.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.conformance.server.LoopbackPorts;
import io.matriarch.conformance.server.Programs;
import io.matriarch.conformance.server.ServerProcesses;
import io.matriarch.conformance.tls.LoopbackCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** One real server of a store that does not let everybody in. Ends it when it is closed. */
final class SecuredServer implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    /** Consul whose visitors have no rights but with the token of {@link #MANAGER}. */
    private static final String CLOSED =
            """
            {"server": true, "bootstrap_expect": 1, "node_name": "one", "data_dir": "%s",
             "bind_addr": "127.0.0.1", "client_addr": "127.0.0.1",
             "ports": {"http": %d, "server": %d, "serf_lan": %d, "serf_wan": -1, "dns": -1,
                       "grpc": -1%s},
             "acl": {"enabled": true, "default_policy": "deny", "tokens": {"master": "%s"}},
             "performance": {"raft_multiplier": 1}, "disable_update_check": true}
            """;

    private static final String MANAGER = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

    private final ServerProcesses processes;
    private final int port;

    private SecuredServer(
            String name, ServerProcesses.Launch launch, int port, BooleanSupplier serves) {
        this.processes = new ServerProcesses(name, launch);
        this.port = port;
        processes.begin(1, () -> processes.await(0, name + " that serves", START, serves));
    }

    /** An etcd that speaks TLS only. Skips the test if there is none. */
    static SecuredServer etcd(LoopbackCertificates made) {
        Programs.assumeInstalled("etcd", "install etcd-server");
        List<Integer> ports = LoopbackPorts.free(2);
        String client = "https://127.0.0.1:" + ports.get(0);
        String peer = "http://127.0.0.1:" + ports.get(1);
        return new SecuredServer(
                "etcd",
                (server, home) ->
                        List.of(
                                "etcd",
                                "--name=one",
                                "--data-dir=" + home.resolve("data"),
                                "--listen-client-urls=" + client,
                                "--advertise-client-urls=" + client,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=one=" + peer,
                                "--cert-file=" + made.server(),
                                "--key-file=" + made.serverKey()),
                ports.get(0),
                () -> listens(ports.get(0)));
    }

    /** A Consul that wants tokens. Skips the test if there is none. */
    static SecuredServer consul() {
        Optional<Path> found = Programs.onPath("consul").or(SecuredServer::cached);
        assumeTrue(
                found.isPresent(),
                "no Consul is there, so this test was not run; dev/consul makes one");
        String program = found.orElseThrow().toString();
        boolean old = Programs.run(List.of(program, "version")).contains("Consul v1.8.");
        List<Integer> ports = LoopbackPorts.free(3);
        return new SecuredServer(
                "consul",
                (server, home) -> {
                    Path file = home.resolve("configuration.json");
                    Files.writeString(
                            file,
                            CLOSED.formatted(
                                    home.resolve("data"),
                                    ports.get(0),
                                    ports.get(1),
                                    ports.get(2),
                                    // The old one does not know this port, the new one opens it.
                                    old ? "" : ", \"grpc_tls\": -1",
                                    MANAGER));
                    return List.of(program, "agent", "-config-file", file.toString());
                },
                ports.get(0),
                () -> takesWrites(ports.get(0)));
    }

    /** The newest that {@code dev/consul} made. */
    private static Optional<Path> cached() {
        Path cache =
                Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                        .filter(path -> !path.isEmpty())
                        .map(Path::of)
                        .orElse(Path.of(System.getProperty("user.home"), ".cache"));
        try (Stream<Path> files = Files.list(cache.resolve("matriarch"))) {
            return files.filter(file -> file.getFileName().toString().matches("consul-v?[0-9.]+"))
                    .filter(Files::isExecutable)
                    // The names of current ones begin with a v.
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            return Optional.empty(); // no cache: nothing was made yet
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // not yet
        }
    }

    private static boolean takesWrites(int port) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/kv/serving"))
                        .timeout(Duration.ofSeconds(5))
                        .header("X-Consul-Token", MANAGER)
                        .PUT(HttpRequest.BodyPublishers.ofString("x"))
                        .build();
        try {
            return HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false; // not yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        processes.close();
    }
}
