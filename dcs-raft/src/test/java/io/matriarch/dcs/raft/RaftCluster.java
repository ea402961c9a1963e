package io.matriarch.dcs.raft;

import io.matriarch.dcs.raft.machine.Command;
import io.matriarch.dcs.raft.machine.Poll;
import io.matriarch.dcs.raft.machine.Request;
import io.matriarch.dcs.raft.machine.RequestCodec;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Members of the store on loopback, in a scratch directory, each a process of its own that a test
 * can kill, freeze, thaw and start again. Ends them all when it is closed.
 */
final class RaftCluster implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(40);

    private final Path directory;
    private final Map<String, String> settings;
    private final List<Address> addresses;
    private final List<Process> processes = new ArrayList<>();

    private RaftCluster(int members, Map<String, String> settings) throws IOException {
        this.directory = Files.createTempDirectory("matriarch-raft");
        this.settings = settings;
        this.addresses =
                new ArrayList<>(
                        freePorts(members).stream()
                                .map(port -> new Address("127.0.0.1", port))
                                .toList());
    }

    static RaftCluster start(int members) {
        return start(members, Map.of());
    }

    /**
     * @param settings further settings of the section
     */
    static RaftCluster start(int members, Map<String, String> settings) {
        RaftCluster cluster = launch(members, settings);
        boolean serving = false;
        try {
            cluster.awaitServing();
            // One that came late to the beginning is added later, and cannot be spared till then.
            for (int member = 0; member < members; member++) {
                cluster.awaitLog(member, "of the store has started");
            }
            serving = true;
            return cluster;
        } finally {
            if (!serving) {
                cluster.close();
            }
        }
    }

    /** Does not wait until they answer. */
    static RaftCluster launch(int members, Map<String, String> settings) {
        try {
            RaftCluster cluster = new RaftCluster(members, settings);
            boolean launched = false;
            try {
                for (int i = 0; i < members; i++) {
                    cluster.processes.add(cluster.launch(i));
                }
                launched = true;
                return cluster;
            } finally {
                if (!launched) {
                    cluster.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int size() {
        return addresses.size();
    }

    List<Address> addresses() {
        return List.copyOf(addresses);
    }

    Path directory() {
        return directory;
    }

    Path log(int member) {
        return directory.resolve("m" + member + ".log");
    }

    Path data(int member) {
        return directory.resolve("m" + member);
    }

    Process process(int member) {
        return processes.get(member);
    }

    /** For clients that take no part. */
    Section section() {
        return section(addresses, settings);
    }

    static Section section(List<Address> members, Map<String, String> settings) {
        Map<String, Object> values = new HashMap<>(settings);
        values.put(
                "partner_addrs",
                members.stream().map(Address::toString).collect(Collectors.joining(",")));
        return new Section("raft", values);
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
            processes.set(member, launch(member));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts another member in the place of a killed one, on another port and without data. */
    void replace(int member) throws IOException {
        addresses.set(member, new Address("127.0.0.1", freePorts(1).get(0)));
        processes.set(member, launch(member));
    }

    /** Waits until a majority answers. */
    void awaitServing() {
        try (Session session = new Session()) {
            long end = System.nanoTime() + START.toNanos();
            while (true) {
                try {
                    session.log.read(new Command.CountSessions(), "waiting", within(1));
                    return;
                } catch (DcsException e) {
                    if (System.nanoTime() > end) {
                        throw new IllegalStateException(textOfLog(0).orElse(""), e);
                    }
                }
            }
        }
    }

    /** Waits until this very member has applied what the others have, and the clock runs there. */
    void awaitMember(int member) {
        try (Session session = new Session()) {
            long end = System.nanoTime() + START.toNanos();
            long first = -1;
            while (System.nanoTime() < end) {
                Optional<Long> now = session.clockOf(addresses.get(member));
                if (first >= 0 && now.isPresent() && now.get() > first) {
                    return;
                }
                first = now.orElse(first);
                pause();
            }
        }
        throw new IllegalStateException(textOfLog(member).orElse(""));
    }

    /** Waits until a member's log holds a text. */
    void awaitLog(int member, String text) {
        long end = System.nanoTime() + START.toNanos();
        while (textOfLog(member).filter(log -> log.contains(text)).isEmpty()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(textOfLog(member).orElse(""));
            }
            pause();
        }
    }

    /** The member that leads; there must be one. */
    int leader() {
        try (Session session = new Session()) {
            return IntStream.range(0, size())
                    .filter(member -> session.leads(addresses.get(member)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    static Deadline within(double seconds) {
        return Deadline.after(Ticker.system(), Duration.ofMillis((long) (seconds * 1000)));
    }

    /** A bare client. */
    final class Session implements AutoCloseable {
        private final Wire wire;
        final Submission log;

        Session() {
            RaftSettings parsed = RaftSettings.of(section());
            wire = new Wire(Security.of(parsed), parsed.routes());
            log = new Submission(wire, parsed.members(), Ticker.system());
        }

        /** The replicated clock as one member knows it. */
        Optional<Long> clockOf(Address member) {
            Poll poll = new Poll("", -1, "", 0);
            Duration patience = Duration.ofSeconds(1);
            Wire.Answer answer = wire.send(member, Wire.Way.MEMBER, poll.encode(), patience).join();
            return answer instanceof Wire.Answer.Content content
                    ? Optional.of(Poll.News.decode(content.bytes()).now())
                    : Optional.empty();
        }

        /** Only the leader takes an entry into the log. */
        boolean leads(Address member) {
            byte[] question =
                    RequestCodec.encode(new Request("", 0, 0, new Command.CountSessions()));
            Duration patience = Duration.ofSeconds(1);
            return wire.send(member, Wire.Way.LOG, question, patience).join()
                    instanceof Wire.Answer.Content;
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    private void signal(String signal, int member) {
        try {
            Process kill =
                    new ProcessBuilder("kill", signal, Long.toString(processes.get(member).pid()))
                            .inheritIO()
                            .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill " + signal + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Process launch(int member) throws IOException {
        Address self = addresses.get(member);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx64m",
                                "-XX:-UsePerfData",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Voter.class.getName(),
                                "self_addr=" + self,
                                "data_dir=" + data(member),
                                "min_timeout=0.4",
                                "max_timeout=0.8"));
        settings.forEach((key, value) -> command.add(key + "=" + value));
        String partners =
                addresses.stream()
                        .filter(address -> !address.equals(self))
                        .map(Address::toString)
                        .collect(Collectors.joining(","));
        command.add("partner_addrs=" + partners);
        File log = log(member).toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    /** Waits for something in another process, which can only be polled. */
    static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    Optional<String> textOfLog(int member) {
        try {
            return Optional.of(Files.readString(log(member)));
        } catch (IOException e) {
            return Optional.empty();
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
