package io.matriarch.dcs.etcd;

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
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Real etcd servers on loopback, in a scratch directory, each a process of its own that a test can
 * kill, freeze, thaw and start again. Ends them all when it is closed.
 */
final class EtcdCluster implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final Path directory;
    private final List<String> options;
    private final String scheme;
    private final List<Integer> clientPorts = new ArrayList<>();
    private final List<Integer> peerPorts = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    private EtcdCluster(int members, String scheme, List<String> options) throws IOException {
        this.directory = Files.createTempDirectory("matriarch-etcd");
        this.scheme = scheme;
        this.options = options;
        List<Integer> ports = freePorts(2 * members);
        clientPorts.addAll(ports.subList(0, members));
        peerPorts.addAll(ports.subList(members, 2 * members));
    }

    /** Starts servers and waits until each serves clients. */
    static EtcdCluster start(int members, String... options) {
        return start("http", members, List.of(options));
    }

    static EtcdCluster startTls(int members, List<String> options) {
        return start("https", members, options);
    }

    private static EtcdCluster start(String scheme, int members, List<String> options) {
        assumeInstalled("etcd");
        try {
            EtcdCluster cluster = new EtcdCluster(members, scheme, options);
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
        return clientPorts.stream().map(p -> "127.0.0.1:" + p).collect(Collectors.joining(","));
    }

    String host(int member) {
        return "127.0.0.1:" + clientPorts.get(member);
    }

    String url(int member) {
        return scheme + "://" + host(member);
    }

    int size() {
        return processes.size();
    }

    int port(int member) {
        return clientPorts.get(member);
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

    /** Runs etcdctl against all members and gives its output. */
    String ctl(String... arguments) {
        assumeInstalled("etcdctl");
        List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints=" + endpoints()));
        command.addAll(List.of(arguments));
        return run(command);
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
                        .map(i -> "m" + i + "=http://127.0.0.1:" + peerPorts.get(i))
                        .collect(Collectors.joining(","));
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "etcd",
                                "--name=" + name,
                                "--data-dir=" + directory.resolve(name),
                                "--listen-client-urls=" + url(member),
                                "--advertise-client-urls=" + url(member),
                                "--listen-peer-urls=http://127.0.0.1:" + peerPorts.get(member),
                                "--initial-advertise-peer-urls=http://127.0.0.1:"
                                        + peerPorts.get(member),
                                "--initial-cluster=" + peers,
                                "--initial-cluster-token=" + directory.getFileName(),
                                "--heartbeat-interval=50",
                                "--election-timeout=500",
                                "--logger=zap"));
        command.addAll(options);
        File log = directory.resolve(name + ".log").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    /** Another process's port can only be polled. */
    void awaitListening(int member) throws IOException {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", clientPorts.get(member)), 500);
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
