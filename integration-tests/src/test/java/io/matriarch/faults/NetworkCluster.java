package io.matriarch.faults;

import io.matriarch.lab.Account;
import io.matriarch.lab.Binaries;
import io.matriarch.lab.ClusterPicture;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.LabPlan;
import io.matriarch.lab.MemberFile;
import io.matriarch.lab.MemberRest;
import io.matriarch.lab.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** Members, each on a host of its own, their store, and a writer beside each member. */
final class NetworkCluster implements AutoCloseable {
    static final List<String> MEMBERS = List.of("node1", "node2", "node3");

    /** The host of the voter without data. */
    static final String WITNESS = "witness";

    /**
     * A row that was taken. Monotonic nanoseconds.
     *
     * @param sent before it was sent
     * @param answered after its answer came
     */
    record Row(long sent, long answered) {}

    private static final int POSTGRES = 5432;
    private static final int REST = 8008;
    private static final int ETCD = 2379;
    private static final int RAFT = 2222;
    private static final String PASSWORD = "of-the-network";

    private final Account account;
    private final Binaries binaries;
    private final Scratch scratch;
    private final Path launcher;
    private final List<String> members;
    private final boolean witnessed;
    private final Network network;

    private NetworkCluster(
            Account account, Binaries binaries, Path home, List<String> members, boolean witnessed)
            throws IOException, InterruptedException {
        this.account = account;
        this.binaries = binaries;
        this.members = members;
        this.witnessed = witnessed;
        List<String> hosts = new ArrayList<>(members);
        if (witnessed) {
            hosts.add(WITNESS);
        }
        this.network = Network.of(hosts);
        this.scratch = Scratch.create(account);
        this.launcher = scratch.readable(home).resolve("bin").resolve("matriarch");
    }

    /** Three members, and etcd on the hub. */
    static NetworkCluster open() throws IOException, InterruptedException {
        return open(MEMBERS, false);
    }

    /** Two members and a witness, which are the store themselves. */
    static NetworkCluster ofTwoAndAWitness() throws IOException, InterruptedException {
        return open(MEMBERS.subList(0, 2), true);
    }

    /** The test is skipped, with the reason, where this cannot be. */
    private static NetworkCluster open(List<String> members, boolean witnessed)
            throws IOException, InterruptedException {
        Path home = Product.home();
        try {
            return new NetworkCluster(Account.choose(), Binaries.find(), home, members, witnessed);
        } catch (LabException e) {
            throw new TestAbortedException(e.getMessage(), e);
        }
    }

    Network network() {
        return network;
    }

    void start() throws IOException, LabException {
        if (witnessed) {
            Path file =
                    scratch.write(
                            "witness.yml",
                            "scope: %s\nname: %s\n".formatted(MemberFile.SCOPE, WITNESS)
                                    + raft(WITNESS),
                            "rw-------");
            run(WITNESS, List.of(launcher.toString(), "witness", file.toString()), "witness.log");
        } else {
            String client = "http://" + network.address(Network.HUB) + ":" + ETCD;
            String peer = "http://127.0.0.1:2380";
            run(Network.HUB, binaries.etcdCommand(scratch.file("etcd"), client, peer), "etcd.log");
        }
        for (String member : members) {
            Path file = scratch.write(member + ".yml", yaml(member), "rw-------");
            run(member, List.of(launcher.toString(), "run", file.toString()), member + ".log");
            startWriter(member);
        }
    }

    private String raft(String host) {
        String partners =
                Stream.concat(members.stream(), Stream.of(WITNESS))
                        .filter(other -> !other.equals(host))
                        .map(other -> network.address(other) + ":" + RAFT)
                        .collect(Collectors.joining(", "));
        return """
               raft:
                 self_addr: %s:%d
                 partner_addrs: [%s]
                 data_dir: %s
                 password: %s
               """
                .formatted(
                        network.address(host),
                        RAFT,
                        partners,
                        scratch.file("raft-" + host),
                        PASSWORD);
    }

    private void run(String host, List<String> command, String log) throws IOException {
        network.start(
                host,
                account.command(command),
                Map.of("HOME", scratch.directory().toString()),
                scratch.file(log));
    }

    private void startWriter(String member) throws IOException {
        network.start(
                member,
                List.of(
                        "java",
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LocalWriter.class.getName(),
                        network.address(member) + ":" + POSTGRES),
                Map.of("WRITER_PASSWORD", PASSWORD),
                scratch.file(member + ".rows"));
    }

    private String yaml(String member) {
        LabMember ports = new LabMember(member, POSTGRES, REST, POSTGRES, REST, ETCD, List.of());
        String section =
                witnessed
                        ? raft(member)
                        : """
                          etcd3:
                            hosts: %s:%d
                          """
                                .formatted(network.address(Network.HUB), ETCD);
        return MemberFile.of(
                        LabPlan.three(),
                        ports,
                        section,
                        scratch.directory(),
                        binaries.postgres(),
                        PASSWORD)
                .replace("127.0.0.1/32", Network.net())
                .replace("127.0.0.1:", network.address(member) + ":");
    }

    /** The cluster as this member sees it; asked from the member's own host. */
    ClusterPicture picture(String member) throws IOException, InterruptedException {
        String answer =
                network.ask(
                        member,
                        List.of(
                                "curl",
                                "--silent",
                                "--max-time",
                                "3",
                                "http://" + network.address(member) + ":" + REST + "/cluster"));
        return answer.startsWith("{") ? MemberRest.read(answer) : ClusterPicture.NOTHING;
    }

    /** The rows that the writer on this host had taken until now. */
    List<Row> rows(String member) {
        try {
            return Files.readAllLines(scratch.file(member + ".rows")).stream()
                    .map(line -> line.split(" "))
                    .filter(words -> words.length == 3 && words[0].equals("row"))
                    .map(words -> new Row(Long.parseLong(words[1]), Long.parseLong(words[2])))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Waits, or fails with what the daemons said last. */
    void await(String what, Duration patience, BooleanSupplier seen) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (!seen.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError(
                        what + ": not seen within " + patience.toSeconds() + " s" + logs());
            }
            // Other processes are being watched: there is nothing to be told by.
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private String logs() {
        StringBuilder all = new StringBuilder();
        for (String member : members) {
            all.append("\n--- ").append(member).append('\n');
            all.append(scratch.tail(member + ".log", 30));
        }
        return all.toString();
    }

    @Override
    public void close() throws IOException {
        network.close();
        scratch.remove();
    }
}
