package io.matriarch.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Real etcd servers on loopback, in a scratch directory, each a process of its own that a test can
 * kill, freeze, thaw and start again. Ends them all when it is closed.
 */
final class EtcdCluster implements AutoCloseable {
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

    private final Path directory;
    private final List<Place> places;
    private final List<String> options;
    private final String scheme;
    private final List<Integer> clientPorts = new ArrayList<>();
    private final List<Integer> peerPorts = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    private EtcdCluster(List<Place> places, String scheme, List<String> options)
            throws IOException {
        int members = places.size();
        this.places = places;
        this.directory = Files.createTempDirectory("matriarch-etcd");
        this.scheme = scheme;
        this.options = options;
        List<Integer> ports = freePorts(2 * members);
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
        try {
            int members = places.size();
            EtcdCluster cluster = new EtcdCluster(places, scheme, options);
            for (int i = 0; i < members; i++) {
                cluster.processes.add(cluster.launch(i));
            }
            for (int i = 0; i < members; i++) {
                cluster.awaitListening(i);
            }
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void assumeInstalled(String program) {
        boolean found =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        assumeTrue(
                found,
                program
                        + " is not on the PATH, so this test was not run;"
                        + " install etcd-server and etcd-client (dev/provision does)");
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

    int size() {
        return processes.size();
    }

    InetSocketAddress address(int member) {
        return new InetSocketAddress(places.get(member).clientHost(), clientPorts.get(member));
    }

    InetSocketAddress peerAddress(int member) {
        return new InetSocketAddress(places.get(member).peerHost(), peerPorts.get(member));
    }

    void kill(int member) {
        Process process = processes.get(member);
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void freeze(int member) {
        signal("-STOP", member);
    }

    void thaw(int member) {
        signal("-CONT", member);
    }

    /** Starts a killed member on its old data. */
    void restart(int member) {
        try {
            launchAgain(member);
            awaitListening(member);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void launchAgain(int member) throws IOException {
        processes.set(member, launch(member));
    }

    /**
     * Waits until a quorum answers; etcdctl tries all members. A server that asks a frozen leader
     * gets no answer, and one that asks the next leader gets it at once: hence the short tries.
     */
    void awaitServing() {
        long end = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                ctl("get", "x", "--command-timeout=1s");
                return;
            } catch (IllegalStateException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                pause();
            }
        }
    }

    /** Writes a key with any bytes in its value; etcdctl reads it from its input. */
    void put(String key, String text) {
        run(List.of("etcdctl", "--endpoints=" + endpoints(), "put", key), text);
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
        List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints=" + endpoints()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Runs etcdctl against one member and gives its output. */
    String ctlAt(int member, String... arguments) {
        assumeInstalled("etcdctl");
        List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints=" + url(member)));
        command.addAll(List.of(arguments));
        return run(command);
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

    static String run(List<String> command) {
        return run(command, "");
    }

    private static String run(List<String> command, String input) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("ETCDCTL_API", "3");
            Process process = builder.start();
            try (OutputStream out = process.getOutputStream()) {
                out.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void signal(String signal, int member) {
        run(List.of("kill", signal, Long.toString(processes.get(member).pid())));
    }

    private Process launch(int member) throws IOException {
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
                        "--data-dir=" + directory.resolve(name),
                        "--listen-client-urls=" + url(member),
                        "--advertise-client-urls=" + url(member),
                        "--listen-peer-urls=" + peerUrl(member),
                        "--initial-advertise-peer-urls=" + peerUrl(member),
                        "--initial-cluster=" + peers,
                        "--initial-cluster-token=" + directory.getFileName(),
                        "--heartbeat-interval=50",
                        "--election-timeout=500",
                        "--logger=zap"));
        command.addAll(options);
        command.addAll(place.options());
        File log = directory.resolve(name + ".log").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private String peerUrl(int member) {
        return "http://" + places.get(member).peerHost() + ":" + peerPorts.get(member);
    }

    /** Another process's port can only be polled. */
    void awaitListening(int member) throws IOException {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket()) {
                socket.connect(address(member), 500);
                return;
            } catch (IOException e) {
                pause();
            }
        }
        throw new IOException("etcd did not start: " + Files.readString(log(member)));
    }

    Path log(int member) {
        return directory.resolve("m" + member + ".log");
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < processes.size(); i++) {
            kill(i);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
