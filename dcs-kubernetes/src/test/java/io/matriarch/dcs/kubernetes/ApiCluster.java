package io.matriarch.dcs.kubernetes;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.conformance.server.LoopbackPorts;
import io.matriarch.conformance.server.Programs;
import io.matriarch.conformance.server.ServerProcesses;
import io.matriarch.conformance.tls.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A real API server, or several, on a real etcd, on loopback, with RBAC on: each a process of its
 * own that a test can kill, freeze, thaw and start again. There is no kubelet and no controller:
 * tests make Pods, service accounts and tokens themselves. Ends all processes when it is closed.
 */
final class ApiCluster implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);

    /** Of the processes; the API servers follow it. */
    private static final int STORE = 0;

    private final ServerProcesses processes = new ServerProcesses("kubernetes", this::command);
    private final Path folder = processes.directory();
    private final String program;
    private final TestAuthority certificates;
    private final List<Integer> ports;
    private final List<String> serving = new ArrayList<>();
    private final int storePort;
    private final int peerPort;
    private final Admin admin;

    private ApiCluster(String program, List<String> serving) throws IOException {
        this.program = program;
        this.certificates = certificates(folder);
        this.serving.addAll(serving);
        List<Integer> free = LoopbackPorts.free(serving.size() + 2);
        this.storePort = free.get(0);
        this.peerPort = free.get(1);
        this.ports = free.subList(2, free.size());
        Files.writeString(
                folder.resolve("tokens.csv"), Admin.TOKEN + ",admin,1,\"system:masters\"\n");
        this.admin = new Admin("https://" + address(0), folder.resolve("ca.pem"));
    }

    /** With the key of service accounts. */
    private static TestAuthority certificates(Path folder) {
        TestAuthority authority = new TestAuthority(folder);
        authority.issue("server", "server", "serverAuth", "IP:127.0.0.1,DNS:localhost");
        // Its certificate names no address that it is reached at.
        authority.issue("unnamed", "server", "serverAuth", "DNS:kubernetes.default.svc");
        authority.issue("client", "operator", "clientAuth", "DNS:operator");
        authority.openssl("genrsa", "-out", authority.file("accounts.key").toString(), "2048");
        return authority;
    }

    static ApiCluster start() {
        return start(List.of("server"));
    }

    /**
     * @param serving for each API server the certificate that it shows
     */
    static ApiCluster start(List<String> serving) {
        String program = assumeInstalled();
        try {
            ApiCluster cluster = new ApiCluster(program, serving);
            cluster.processes.begin(1 + serving.size(), cluster::awaitServing);
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String assumeInstalled() {
        Programs.assumeInstalled("etcd", "install etcd-server (dev/provision does)");
        Programs.assumeInstalled("openssl", "dev/provision installs it");
        Optional<String> found = apiServer();
        assumeTrue(
                found.isPresent(),
                "no kube-apiserver, so the Kubernetes backend was not tested: set KUBEBUILDER_ASSETS"
                        + " or run dev/kube-apiserver, which builds one with Go 1.24");
        return found.orElseThrow();
    }

    /** As the script finds one that is there; it builds none here. */
    private static Optional<String> apiServer() {
        Path script = Path.of("..", "dev", "kube-apiserver").toAbsolutePath().normalize();
        try {
            return Optional.of(Programs.run(List.of(script.toString(), "--find")).strip())
                    .filter(path -> !path.isEmpty());
        } catch (IllegalStateException e) {
            // It found none.
            return Optional.empty();
        }
    }

    Admin admin() {
        return admin;
    }

    /** As the first API server tells it. */
    String version() {
        return admin.get("/version").path("gitVersion").asString("");
    }

    /** The certificates {@code server}, {@code unnamed} and {@code client}, and their authority. */
    TestAuthority certificates() {
        return certificates;
    }

    int size() {
        return ports.size();
    }

    int port(int server) {
        return ports.get(server);
    }

    String address(int server) {
        return "127.0.0.1:" + ports.get(server);
    }

    /** A file in the scratch folder of this cluster. */
    Path file(String name) {
        return folder.resolve(name);
    }

    void kill(int server) {
        processes.kill(1 + server);
    }

    void restart(int server) {
        processes.start(1 + server);
    }

    void freeze(int server) {
        processes.freeze(1 + server);
    }

    void thaw(int server) {
        processes.thaw(1 + server);
    }

    void each(java.util.function.IntConsumer action) {
        IntStream.range(0, size()).forEach(action);
    }

    void killStore() {
        processes.kill(STORE);
    }

    void startStore() {
        processes.start(STORE);
    }

    private List<String> command(int process, Path home) {
        return process == STORE ? etcd(home) : apiServer(process - 1);
    }

    private List<String> etcd(Path home) {
        String client = "http://127.0.0.1:" + storePort;
        String peer = "http://127.0.0.1:" + peerPort;
        return List.of(
                "etcd",
                "--name=m",
                "--data-dir=" + home.resolve("data"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=m=" + peer,
                "--logger=zap");
    }

    /** Writes into the store itself, past what the API server allows. */
    void plant(String key, String json) {
        Programs.assumeInstalled("etcdctl", "dev/provision installs it");
        Programs.run(
                List.of(
                        "env",
                        "ETCDCTL_API=3",
                        "etcdctl",
                        "--endpoints=http://127.0.0.1:" + storePort,
                        "put",
                        key,
                        json));
    }

    private List<String> apiServer(int server) {
        String shown = serving.get(server);
        return List.of(
                program,
                "--etcd-servers=http://127.0.0.1:" + storePort,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port(server),
                "--tls-cert-file=" + certificates.file(shown + ".pem"),
                "--tls-private-key-file=" + certificates.file(shown + ".key"),
                "--client-ca-file=" + certificates.file("ca.pem"),
                "--token-auth-file=" + folder.resolve("tokens.csv"),
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + certificates.file("accounts.key"),
                "--service-account-signing-key-file=" + certificates.file("accounts.key"),
                "--service-cluster-ip-range=10.0.0.0/24",
                // Nobody makes default service accounts, nor lists loopback addresses.
                "--disable-admission-plugins=ServiceAccount",
                "--endpoint-reconciler-type=none",
                "--enable-priority-and-fairness=false",
                "--profiling=false");
    }

    /** Waits until each server answers, and its store too. */
    void awaitServing() {
        for (int i = 0; i < size(); i++) {
            Admin each =
                    serving.get(i).equals("server")
                            ? new Admin("https://" + address(i), folder.resolve("ca.pem"))
                            : admin;
            processes.await(1 + i, "an API server that serves", START, () -> ready(each));
        }
    }

    private static boolean ready(Admin each) {
        try {
            return each.send("GET", "/readyz", "application/json", "").code() == 200;
        } catch (IOException e) {
            // Not yet.
            return false;
        }
    }

    @Override
    public void close() {
        processes.close();
    }
}
