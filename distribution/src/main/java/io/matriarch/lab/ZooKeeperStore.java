package io.matriarch.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One ZooKeeper server beside the members. */
final class ZooKeeperStore implements LabStore {
    /** Where Debian's package has it; other installations have it on the PATH. */
    private static final Path PACKAGED = Path.of("/usr/share/zookeeper/bin/zkServer.sh");

    private static final int ANSWER_MILLIS = 5000;

    private final Children children;
    private final Scratch scratch;
    private final Path script;
    private final int port;
    private List<Process> servers = List.of();

    ZooKeeperStore(Children children, Scratch scratch) throws IOException, LabException {
        this.children = children;
        this.scratch = scratch;
        this.script = Installed.onPath("zkServer.sh").orElseGet(() -> PACKAGED);
        if (!Files.isExecutable(script)) {
            throw new LabException("no ZooKeeper found; install a package such as zookeeper");
        }
        this.port = Ports.free(1).get(0);
        scratch.write("zoo.cfg", configuration(), "rw-r--r--");
    }

    private String configuration() {
        return """
               tickTime=500
               dataDir=%s
               clientPort=%d
               clientPortAddress=127.0.0.1
               admin.enableServer=false
               """
                .formatted(scratch.file("zookeeper"), port);
    }

    @Override
    public void start() throws LabException {
        servers =
                List.of(
                        children.start(
                                List.of(
                                        script.toString(),
                                        "start-foreground",
                                        scratch.file("zoo.cfg").toString()),
                                scratch.file("zookeeper.log"),
                                Map.of("ZOO_LOG_DIR", scratch.directory().toString())));
    }

    @Override
    public String section(LabMember member) {
        return sectionAt(member.storePort());
    }

    @Override
    public String sectionOfTool() {
        return sectionAt(port);
    }

    private static String sectionAt(int port) {
        return """
               zookeeper:
                 hosts: ['127.0.0.1:%d']
               """
                .formatted(port);
    }

    @Override
    public int portFor(String member) {
        return port;
    }

    @Override
    public List<Process> servers() {
        return servers;
    }

    /** {@code srvr} is the one word that every server answers without being told to. */
    @Override
    public String counters() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Override
    public String title() {
        return "ZooKeeper";
    }
}
