package io.matriarch.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One ZooKeeper server beside the members. */
final class ZooKeeperStore implements LabStore {
    /** Where Debian's package has it; other installations have it on the PATH. */
    private static final Path PACKAGED = Path.of("/usr/share/zookeeper/bin/zkServer.sh");

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

    @Override
    public String title() {
        return "ZooKeeper";
    }
}
