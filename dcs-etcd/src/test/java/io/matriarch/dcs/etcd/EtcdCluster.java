package io.matriarch.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.ThreeServersConformance;
import io.matriarch.conformance.server.LoopbackPorts;
import io.matriarch.conformance.server.Programs;
import io.matriarch.conformance.server.ServerProcesses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Real etcd servers on loopback, in a scratch directory, each a process of its own that a test can
 * kill, freeze, thaw and start again. Ends them all when it is closed.
 */
final class EtcdCluster implements ThreeServersConformance.Servers, AutoCloseable {
    private static final Pattern VERSION = Pattern.compile("\"version\":\"([^\"]+)\"");

    private static final Duration START = Duration.ofSeconds(30);
    private static final Pattern MEMBER_ID = Pattern.compile("\"member_id\":(\\d+)");
    private static final Pattern LEADER_ID = Pattern.compile("\"leader\":(\\d+)");

    /**
     * Where a member listens and how it is started.
     *
     * @param prefix words before the command
     * @param options for this member alone
     */
    record Place(String clientHost, String peerHost, List<String> prefix, List<String> options) {
        static final Place LOOPBACK = new Place("127.0.0.1", "127.0.0.1", List.of(), List.of());
    }

    private final ServerProcesses processes;
    private final List<Place> places;
    private final List<String> options;
    private final String scheme;
    private final List<Integer> clientPorts = new ArrayList<>();
    private final List<Integer> peerPorts = new ArrayList<>();

    private EtcdCluster(List<Place> places, String scheme, List<String> options) {
        int members = places.size();
        this.places = places;
        this.processes = new ServerProcesses("etcd", this::command);
        this.scheme = scheme;
        this.options = options;
        List<Integer> ports = LoopbackPorts.free(2 * members);
        clientPorts.addAll(ports.subList(0, members));
        peerPorts.addAll(ports.subList(members, 2 * members));
    }

    /** Starts servers and waits until each serves clients. */
    static EtcdCluster start(int members, String... options) {
        return start("http", loopback(members), List.of(options));
    }

    static EtcdCluster start(List<Place> places) {
        return start("http", places, List.of());
    }

    private static List<Place> loopback(int members) {
        return Collections.nCopies(members, Place.LOOPBACK);
    }

    static EtcdCluster startTls(int members, List<String> options) {
        return start("https", loopback(members), options);
    }

    private static EtcdCluster start(String scheme, List<Place> places, List<String> options) {
        assumeInstalled("etcd");
        EtcdCluster cluster = new EtcdCluster(places, scheme, options);
        cluster.processes.begin(
                places.size(),
                () -> IntStream.range(0, places.size()).forEach(cluster::awaitListening));
        return cluster;
    }

    static void assumeInstalled(String program) {
        Programs.assumeInstalled(
                program, "install etcd-server and etcd-client (dev/provision does)");
    }

    /** {@code host:port} of all members, separated by commas. */
    String hosts() {
        return IntStream.range(0, places.size())
                .mapToObj(this::host)
                .collect(Collectors.joining(","));
    }

    String host(int member) {
        return places.get(member).clientHost() + ":" + clientPorts.get(member);
    }

    String url(int member) {
        return scheme + "://" + host(member);
    }

    @Override
    public int size() {
        return processes.size();
    }

    InetSocketAddress address(int member) {
        return new InetSocketAddress(places.get(member).clientHost(), clientPorts.get(member));
    }

    InetSocketAddress peerAddress(int member) {
        return new InetSocketAddress(places.get(member).peerHost(), peerPorts.get(member));
    }

    @Override
    public void kill(int member) {
        processes.kill(member);
    }

    @Override
    public void freeze(int member) {
        processes.freeze(member);
    }

    @Override
    public void thaw(int member) {
        processes.thaw(member);
    }

    /** Starts a killed member on its old data. */
    void restart(int member) {
        launchAgain(member);
        awaitListening(member);
    }

    @Override
    public void launchAgain(int member) {
        processes.start(member);
    }

    /**
     * Waits until a quorum answers; etcdctl tries all members. A server that asks a frozen leader
     * gets no answer, and one that asks the next leader gets it at once: hence the short tries.
     */
    void awaitQuorum() {
        processes.await(0, "a quorum that serves", START, this::serves);
    }

    @Override
    public void awaitServingWithout(int victim) {
        awaitQuorum();
    }

    @Override
    public void awaitServing() {
        IntStream.range(0, size()).forEach(this::awaitListening);
        awaitQuorum();
    }

    private boolean serves() {
        try {
            ctl("get", "x", "--command-timeout=1s");
            return true;
        } catch (IllegalStateException e) {
            // Not yet; the caller asks again, and tells of the log if that never ends.
            return false;
        }
    }

    /** Writes a key with any bytes in its value; etcdctl reads it from its input. */
    void put(String key, String text) {
        assumeInstalled("etcdctl");
        Programs.run(etcdctl(endpoints(), "put", key), text);
    }

    private String endpoints() {
        return Stream.iterate(0, i -> i + 1)
                .limit(clientPorts.size())
                .map(this::url)
                .collect(Collectors.joining(","));
    }

    /** Turns users on, with root as the only one. */
    void enableUsers(String password) {
        ctl("user", "add", "root:" + password);
        ctl("user", "grant-role", "root", "root");
        ctl("auth", "enable");
    }

    /** What the first server says of its version, such as {@code etcd 3.4.23}. */
    String version() {
        Matcher version = VERSION.matcher(ctl("endpoint", "status", "--write-out=json"));
        return "etcd " + (version.find() ? version.group(1) : "of unknown version");
    }

    /** Runs etcdctl against all members and gives its output. */
    String ctl(String... arguments) {
        assumeInstalled("etcdctl");
        return Programs.run(etcdctl(endpoints(), arguments));
    }

    /** Runs etcdctl against one member and gives its output. */
    String ctlAt(int member, String... arguments) {
        assumeInstalled("etcdctl");
        return Programs.run(etcdctl(url(member), arguments));
    }

    private static List<String> etcdctl(String endpoints, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of("env", "ETCDCTL_API=3", "etcdctl", "--endpoints=" + endpoints));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Hands the leadership of the servers to one of them. */
    void makeLeader(int member) {
        long wanted = field(status(member), MEMBER_ID).orElseThrow();
        for (int i = 0; i < size(); i++) {
            if (i != member && leads(i)) {
                ctlAt(i, "move-leader", Long.toHexString(wanted));
            }
        }
        assertThat(leads(member)).as("leads etcd").isTrue();
    }

    /** Whether a member believes to be the leader. */
    boolean leads(int member) {
        String status = status(member);
        // While it elects, it knows of no leader and shows none.
        return field(status, LEADER_ID).equals(field(status, MEMBER_ID));
    }

    private String status(int member) {
        return ctlAt(member, "endpoint", "status", "--write-out=json");
    }

    private static Optional<Long> field(String status, Pattern field) {
        Matcher matcher = field.matcher(status);
        return matcher.find()
                ? Optional.of(Long.parseUnsignedLong(matcher.group(1)))
                : Optional.empty();
    }

    private List<String> command(int member, Path home) {
        String name = "m" + member;
        String peers =
                Stream.iterate(0, i -> i + 1)
                        .limit(peerPorts.size())
                        .map(i -> "m" + i + "=" + peerUrl(i))
                        .collect(Collectors.joining(","));
        Place place = places.get(member);
        List<String> command = new ArrayList<>(place.prefix());
        command.addAll(
                List.of(
                        "etcd",
                        "--name=" + name,
                        "--data-dir=" + home.resolve("data"),
                        "--listen-client-urls=" + url(member),
                        "--advertise-client-urls=" + url(member),
                        "--listen-peer-urls=" + peerUrl(member),
                        "--initial-advertise-peer-urls=" + peerUrl(member),
                        "--initial-cluster=" + peers,
                        "--initial-cluster-token=" + processes.directory().getFileName(),
                        "--heartbeat-interval=50",
                        "--election-timeout=500",
                        "--logger=zap"));
        command.addAll(options);
        command.addAll(place.options());
        return command;
    }

    private String peerUrl(int member) {
        return "http://" + places.get(member).peerHost() + ":" + peerPorts.get(member);
    }

    void awaitListening(int member) {
        processes.await(member, "an etcd that listens", START, () -> listens(member));
    }

    private boolean listens(int member) {
        try (Socket socket = new Socket()) {
            socket.connect(address(member), 500);
            return true;
        } catch (IOException e) {
            // Not yet; the caller asks again.
            return false;
        }
    }

    @Override
    public void close() {
        processes.close();
    }
}
