package io.matriarch.dcs.consul;

import io.matriarch.conformance.server.LoopbackPorts;
import io.matriarch.conformance.server.Programs;
import io.matriarch.conformance.server.ServerProcesses;
import io.matriarch.conformance.tls.LoopbackCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Real Consul servers on loopback, in a scratch directory, each a process of its own that a test
 * can kill, freeze, thaw and start again. Several servers have an agent beside them, as a member
 * has on its own machine: it is the last process and has no vote. Ends them all when it is closed.
 */
final class ConsulServers implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    /** The first release line whose configuration has a part for TLS and a port for gRPC on TLS. */
    private static final int NEW_CONFIGURATION = 14;

    private static final Pattern VERSION = Pattern.compile("Consul v(\\d+\\.(\\d+)\\S*)");

    /** Where one server listens. */
    private record Ports(int http, int server, int serf) {}

    private final Path binary;
    private final Matcher version;
    private final int servers;
    private final ServerProcesses processes = new ServerProcesses("consul", this::command);
    private final String extra;
    private final String token;
    private final int tlsPort;
    private final String tls;
    private final List<Ports> ports = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();

    private ConsulServers(
            Path binary,
            int count,
            String extra,
            String token,
            Optional<LoopbackCertificates> made) {
        this.binary = binary;
        this.version = VERSION.matcher(Programs.run(List.of(binary.toString(), "version")));
        if (!version.find()) {
            throw new IllegalStateException(binary + " does not tell its version");
        }
        this.servers = count;
        int agents = count == 1 ? 1 : count + 1;
        this.extra = extra;
        this.token = token;
        List<Integer> free = LoopbackPorts.free(3 * agents + 1);
        this.tlsPort = free.get(3 * agents);
        this.tls = made.map(this::https).orElse("}");
        for (int i = 0; i < agents; i++) {
            ports.add(new Ports(free.get(3 * i), free.get(3 * i + 1), free.get(3 * i + 2)));
        }
    }

    static ConsulServers start(ConsulBinary which, int count) {
        return start(which, count, "", "");
    }

    /**
     * Starts servers and waits until they take writes.
     *
     * @param extra more fields of the configuration, each with a comma before it
     * @param token that the waiting and {@link #put} use
     */
    static ConsulServers start(ConsulBinary which, int count, String extra, String token) {
        return start(which, count, extra, token, Optional.empty());
    }

    /**
     * Starts one server that serves HTTPS to those with a certificate beside HTTP, which the tests
     * go on using past the backend.
     */
    static ConsulServers startTls(ConsulBinary which, LoopbackCertificates made) {
        return start(which, 1, "", "", Optional.of(made));
    }

    private static ConsulServers start(
            ConsulBinary which,
            int count,
            String extra,
            String token,
            Optional<LoopbackCertificates> made) {
        Path binary = which.require();
        ConsulServers all = new ConsulServers(binary, count, extra, token, made);
        all.processes.begin(all.size(), all::awaitServing);
        return all;
    }

    private List<String> command(int server, Path home) throws IOException {
        Path configuration = home.resolve("configuration.json");
        Files.writeString(configuration, configuration(server, home));
        return List.of(binary.toString(), "agent", "-config-file", configuration.toString());
    }

    /**
     * The smallest ttl of a session is far below the usual one, so that leases end within seconds.
     */
    private String configuration(int server, Path home) {
        Ports mine = ports.get(server);
        String others =
                ports.stream()
                        .map(each -> "\"127.0.0.1:" + each.serf() + "\"")
                        .collect(Collectors.joining(","));
        return """
                {%s, "node_name": "server%d",
                 "datacenter": "dc1", "data_dir": "%s", "bind_addr": "127.0.0.1",
                 "client_addr": "127.0.0.1", "retry_join": [%s], "retry_interval": "1s",
                 "ports": {"http": %d, "server": %d, "serf_lan": %d, "serf_wan": -1, "dns": -1,
                           "grpc": -1%s%s,
                 %s "performance": {"raft_multiplier": 1},
                 "disable_update_check": true, "log_level": "warn"%s}
                """
                .formatted(
                        server < servers
                                ? "\"server\": true, \"bootstrap_expect\": " + servers
                                : "\"server\": false",
                        server,
                        home.resolve("data"),
                        servers == 1 ? "" : others,
                        mine.http(),
                        mine.server(),
                        mine.serf(),
                        newConfiguration() ? ", \"grpc_tls\": -1" : "",
                        tls,
                        extra.contains("session_ttl_min") ? "" : "\"session_ttl_min\": \"500ms\",",
                        extra);
    }

    /** The end of the configuration's ports and what follows them. */
    private String https(LoopbackCertificates made) {
        String files =
                "\"ca_file\": \"%s\", \"cert_file\": \"%s\", \"key_file\": \"%s\","
                        .formatted(made.authority(), made.server(), made.serverKey());
        String strict =
                newConfiguration()
                        ? "\"tls\": {\"https\": {" + files + " \"verify_incoming\": true}}"
                        : files + " \"verify_incoming_https\": true";
        return ", \"https\": " + tlsPort + "}, " + strict;
    }

    private boolean newConfiguration() {
        return Integer.parseInt(version.group(2)) >= NEW_CONFIGURATION;
    }

    /** Such as {@code Consul 1.8.7}. */
    String version() {
        return "Consul " + version.group(1);
    }

    /** The process that a member asks. */
    int agent() {
        return size() - 1;
    }

    /** {@code host:port} of one agent's HTTP API. */
    String host(int server) {
        return "127.0.0.1:" + ports.get(server).http();
    }

    int tlsPort() {
        return tlsPort;
    }

    InetSocketAddress address(int server) {
        return new InetSocketAddress("127.0.0.1", ports.get(server).http());
    }

    int size() {
        return ports.size();
    }

    void kill(int server) {
        processes.kill(server);
    }

    void freeze(int server) {
        processes.freeze(server);
    }

    void thaw(int server) {
        processes.thaw(server);
    }

    void launchAgain(int server) {
        processes.start(server);
    }

    /** Waits until each running server reaches a leader that takes writes. */
    void awaitServing() {
        for (int i = 0; i < processes.size(); i++) {
            int server = i;
            Process process = processes.process(server);
            if (process.isAlive()) {
                processes.await(
                        server,
                        "a Consul that serves",
                        START,
                        () -> !process.isAlive() || serves(server));
            }
            if (!process.isAlive()) {
                throw new IllegalStateException("Consul ended: " + processes.log(server));
            }
        }
    }

    private boolean serves(int server) {
        try {
            return send(server, "PUT", "/v1/kv/serving", "x").statusCode() == 200;
        } catch (UncheckedIOException e) {
            // Not yet; the caller asks again, and tells of the log if that never ends.
            return false;
        }
    }

    /** A request past the backend, to the first server that runs. */
    String api(String method, String path, String body) {
        int first =
                IntStream.range(0, processes.size())
                        .filter(i -> processes.process(i).isAlive())
                        .findFirst()
                        .orElseThrow();
        HttpResponse<String> answer = send(first, method, path, body);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(
                    path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    HttpResponse<String> send(int server, String method, String path, String body) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + host(server) + path))
                        .timeout(Duration.ofSeconds(5))
                        .header("X-Consul-Token", token)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        processes.close();
    }
}
