package io.matriarch.dcs.etcd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.conformance.server.Programs;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A host for one etcd server, made of a network namespace: one cable for clients, and another one
 * to the other servers, which can be pulled. This machine has the other end of both. All of it goes
 * with {@link #close}, after the server.
 */
final class SeparateHost implements AutoCloseable {
    private static final long PID = ProcessHandle.current().pid();

    /** Of the block that is set aside for tests of networks. */
    private static final String NET = "198.18." + PID % 256 + ".";

    private static final String SPACE = "mt" + PID + "-etcd";
    private static final String CLIENTS = "mtc" + PID;
    private static final String PEERS = "mtp" + PID;

    private SeparateHost() {}

    /** The test is skipped, with the reason, where namespaces cannot be made. */
    static SeparateHost make() {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "only root can make network namespaces");
        assumeTrue(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "ip"))),
                "ip is not on the PATH; install iproute2 (dev/provision does)");
        SeparateHost host = new SeparateHost();
        try {
            host.build();
            return host;
        } catch (IllegalStateException e) {
            host.close();
            throw new TestAbortedException("no network namespaces: " + e.getMessage(), e);
        }
    }

    private void build() {
        ip("netns", "add", SPACE);
        ip("-n", SPACE, "link", "set", "lo", "up");
        cable(CLIENTS, "clients", NET + "1/30", NET + "2/30");
        cable(PEERS, "peers", NET + "5/30", NET + "6/30");
    }

    private static void cable(String here, String there, String near, String far) {
        ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", SPACE);
        ip("addr", "add", near, "dev", here);
        ip("link", "set", here, "up");
        ip("-n", SPACE, "addr", "add", far, "dev", there);
        ip("-n", SPACE, "link", "set", there, "up");
    }

    /** Where the server on this host listens, and how it is started. */
    EtcdCluster.Place inside(String... options) {
        return new EtcdCluster.Place(
                NET + "2", NET + "6", List.of("ip", "netns", "exec", SPACE), List.of(options));
    }

    /** Where a server on this machine listens, so that the one inside reaches it. */
    EtcdCluster.Place outside() {
        return new EtcdCluster.Place("127.0.0.1", NET + "5", List.of(), List.of());
    }

    /** Cuts the server off from the others, at its own end; clients still reach it. */
    void pullPeersCable() {
        ip("-n", SPACE, "link", "set", "peers", "down");
    }

    private static String ip(String... words) {
        return Programs.run(Stream.concat(Stream.of("ip"), Stream.of(words)).toList());
    }

    /** The cables first: with the namespace they would go a little later. */
    @Override
    public void close() {
        for (String cable : List.of(CLIENTS, PEERS)) {
            if (ip("-o", "link", "show").contains(cable + "@")) {
                ip("link", "del", cable);
            }
        }
        if (ip("netns", "list").lines().anyMatch(line -> line.split(" ")[0].equals(SPACE))) {
            ip("netns", "del", SPACE);
        }
    }
}
