package io.matriarch.lab;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** One etcd beside the members. */
final class EtcdStore implements LabStore {
    private final Binaries binaries;
    private final Children children;
    private final Scratch scratch;
    private final int port;
    private final int peerPort;
    private List<Process> servers = List.of();

    EtcdStore(Binaries binaries, Children children, Scratch scratch) throws IOException {
        this.binaries = binaries;
        this.children = children;
        this.scratch = scratch;
        List<Integer> ports = Ports.free(2);
        this.port = ports.get(0);
        this.peerPort = ports.get(1);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void start() throws LabException {
        String peer = "http://127.0.0.1:" + peerPort;
        servers =
                List.of(
                        children.start(
                                binaries.etcdCommand(scratch.file("etcd"), url().toString(), peer),
                                scratch.file("etcd.log")));
    }

    @Override
    public String section(LabMember member) {
        return """
               etcd3:
                 hosts: 127.0.0.1:%d
                 use_proxies: true
               """
                .formatted(member.storePort());
    }

    @Override
    public String sectionOfTool() {
        return """
               etcd3:
                 hosts: 127.0.0.1:%d
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
    public String counters() throws IOException, InterruptedException {
        return PlainHttp.get(url().resolve("/metrics"));
    }

    @Override
    public String title() {
        return "etcd";
    }
}
