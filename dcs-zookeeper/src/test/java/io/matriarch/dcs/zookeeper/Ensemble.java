package io.matriarch.dcs.zookeeper;

import io.matriarch.conformance.ThreeServersConformance;
import io.matriarch.conformance.proxy.FaultProxy;
import io.matriarch.conformance.server.LoopbackPorts;
import io.matriarch.conformance.server.ServerProcesses;
import io.matriarch.conformance.tls.LoopbackCertificates;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/**
 * Real ZooKeeper servers on loopback, in a scratch directory, each a process of its own that runs
 * the jar of this class path, and that a test can kill, freeze, thaw and start again. Ends them all
 * when it is closed.
 */
final class Ensemble implements ThreeServersConformance.Servers, AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    static final int TICK_MILLIS = 200;

    private static final String HOST = "127.0.0.1";

    private final ServerProcesses processes = new ServerProcesses("zookeeper", this::command);
    private final int servers;
    private final List<String> settings;

    /** Whether clients need TLS; the port without it serves the words of four letters only. */
    private final boolean tls;

    /** Between two servers, by who calls and who is called; empty if they call directly. */
    private final Map<List<Integer>, FaultProxy> cables = new HashMap<>();

    private final List<Integer> ports;

    private Ensemble(int servers, List<String> settings, boolean tls) {
        this.servers = servers;
        this.settings = settings;
        this.tls = tls;
        this.ports = LoopbackPorts.free(4 * servers);
    }

    /** Starts servers and waits until they serve clients. */
    static Ensemble start(int servers, String... settings) {
        return start(servers, Arrays.asList(settings), false, false);
    }

    /** Servers that can be cut off from each other. */
    static Ensemble startOnCables(int servers, String... settings) {
        return start(servers, Arrays.asList(settings), false, true);
    }

    /** One server that wants client certificates. */
    static Ensemble startTls(LoopbackCertificates made) {
        String password = "sealed";
        return start(
                1,
                List.of(
                        "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
                        "ssl.keyStore.location=" + made.serverStore(password),
                        "ssl.keyStore.password=" + password,
                        "ssl.keyStore.type=PKCS12",
                        "ssl.trustStore.location=" + made.authority(),
                        "ssl.trustStore.type=PEM",
                        "ssl.clientHostnameVerification=false",
                        "ssl.clientAuth=need"),
                true,
                false);
    }

    private static Ensemble start(
            int servers, List<String> settings, boolean tls, boolean onCables) {
        Ensemble ensemble = new Ensemble(servers, settings, tls);
        if (onCables) {
            ensemble.layCables();
        }
        ensemble.processes.begin(servers, ensemble::awaitServing);
        return ensemble;
    }

    private void layCables() {
        for (int from = 0; from < servers; from++) {
            for (int to = 0; to < servers; to++) {
                if (from != to) {
                    InetSocketAddress called = new InetSocketAddress(HOST, quorumPort(to));
                    cables.put(List.of(from, to), FaultProxy.before(called));
                }
            }
        }
    }

    /** Nothing passes any more between this server and those that lead, or might. */
    void cutOff(int server) {
        cablesOf(server).forEach(FaultProxy::blackHole);
    }

    /** What a server sends to the one that it follows is lost; what that one sends arrives. */
    void silence(int follower, int leader) {
        cables.get(List.of(follower, leader)).dropRequests();
    }

    void mend(int server) {
        cablesOf(server).forEach(FaultProxy::heal);
    }

    private List<FaultProxy> cablesOf(int server) {
        return cables.entrySet().stream()
                .filter(cable -> cable.getKey().contains(server))
                .map(Map.Entry::getValue)
                .toList();
    }

    private int quorumPort(int server) {
        return ports.get(servers + 2 * server);
    }

    @Override
    public int size() {
        return processes.size();
    }

    String hosts() {
        return IntStream.range(0, size()).mapToObj(this::host).collect(Collectors.joining(","));
    }

    String host(int server) {
        return HOST + ":" + ports.get(tls ? 3 * servers + server : server);
    }

    InetSocketAddress address(int server) {
        return new InetSocketAddress(HOST, ports.get(server));
    }

    @Override
    public void kill(int server) {
        processes.kill(server);
    }

    @Override
    public void freeze(int server) {
        processes.freeze(server);
    }

    @Override
    public void thaw(int server) {
        processes.thaw(server);
    }

    @Override
    public void launchAgain(int server) {
        processes.start(server);
    }

    @Override
    public void awaitServing() {
        IntStream.range(0, size()).forEach(this::awaitServer);
    }

    /** A follower of a frozen leader answers for a while as if nothing had happened. */
    @Override
    public void awaitServingWithout(int victim) {
        List<Integer> others =
                IntStream.range(0, size()).filter(server -> server != victim).boxed().toList();
        processes.await(
                others.get(0),
                "an elected leader",
                START,
                () -> others.stream().anyMatch(this::leads));
        others.forEach(this::awaitServer);
    }

    void awaitServer(int server) {
        processes.await(server, "a ZooKeeper that serves", START, () -> mode(server).isPresent());
    }

    /** standalone, leader or follower; empty if the server does not serve. */
    Optional<String> mode(int server) {
        return ask(server, "srvr")
                .lines()
                .filter(line -> line.startsWith("Mode: "))
                .map(line -> line.substring("Mode: ".length()).trim())
                .findFirst();
    }

    /** What the servers' own library says of its version. */
    String version() {
        return "ZooKeeper " + org.apache.zookeeper.Version.getVersion();
    }

    int leader() {
        return IntStream.range(0, size()).filter(this::leads).findFirst().orElseThrow();
    }

    private boolean leads(int server) {
        return mode(server).filter("leader"::equals).isPresent();
    }

    /** Asks with one of ZooKeeper's words of four letters; empty if there is no answer. */
    String ask(int server, String word) {
        try (Socket socket = new Socket()) {
            socket.connect(address(server), 500);
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private List<String> command(int server, Path home) throws IOException {
        Files.writeString(home.resolve("myid"), Integer.toString(server + 1));
        Path file = home.resolve("zoo.cfg");
        Files.write(file, configuration(server, home));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                "-Dzookeeper.admin.enableServer=false",
                "-Dzookeeper.4lw.commands.whitelist=*",
                "-Dzookeeper.forceSync=no",
                QuorumPeerMain.class.getName(),
                file.toString());
    }

    private List<String> configuration(int server, Path home) {
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "tickTime=" + TICK_MILLIS,
                                "initLimit=25",
                                "syncLimit=5",
                                "maxSessionTimeout=60000",
                                "maxClientCnxns=0",
                                "dataDir=" + home,
                                "clientPort=" + ports.get(server),
                                "clientPortAddress=" + HOST));
        if (servers > 1) {
            for (int i = 0; i < servers; i++) {
                FaultProxy cable = cables.get(List.of(server, i));
                int quorum = cable == null ? quorumPort(i) : cable.address().getPort();
                int election = ports.get(servers + 2 * i + 1);
                lines.add("server." + (i + 1) + "=" + HOST + ":" + quorum + ":" + election);
            }
        }
        if (tls) {
            lines.add("secureClientPort=" + ports.get(3 * servers + server));
        }
        lines.addAll(settings);
        return lines;
    }

    /** All of the test's class path but what says how it logs. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(place -> place.endsWith(".jar") && !place.contains("logback"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Override
    public void close() {
        processes.close();
        cables.values().forEach(FaultProxy::close);
    }
}
