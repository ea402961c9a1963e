package io.matriarch.lab;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** One Consul server beside the members, which is its only agent. */
final class ConsulStore implements LabStore {
    private final Children children;
    private final Scratch scratch;
    private final Path program;
    private final List<Integer> ports;
    private List<Process> servers = List.of();

    ConsulStore(Children children, Scratch scratch) throws IOException, LabException {
        this.children = children;
        this.scratch = scratch;
        this.program = scratch.readableFile(Installed.program("consul", "dev/consul"));
        this.ports = Ports.free(4);
        scratch.write("consul.json", configuration(), "rw-r--r--");
    }

    private String configuration() {
        return """
               {"server": true, "bootstrap_expect": 1, "node_name": "demo", "datacenter": "dc1",
                "data_dir": "%s", "bind_addr": "127.0.0.1", "client_addr": "127.0.0.1",
                "ports": {"http": %d, "server": %d, "serf_lan": %d, "serf_wan": -1, "dns": -1,
                          "grpc": -1, "grpc_tls": %d},
                "performance": {"raft_multiplier": 1},
                "telemetry": {"prometheus_retention_time": "24h"},
                "disable_update_check": true, "log_level": "warn"}
               """
                .formatted(
                        scratch.file("consul-data"),
                        ports.get(0),
                        ports.get(1),
                        ports.get(2),
                        ports.get(3));
    }

    @Override
    public void start() throws LabException {
        servers =
                List.of(
                        children.start(
                                List.of(
                                        program.toString(),
                                        "agent",
                                        "-config-file",
                                        scratch.file("consul.json").toString()),
                                scratch.file("consul.log")));
    }

    @Override
    public String section(LabMember member) {
        return sectionAt(member.storePort());
    }

    @Override
    public String sectionOfTool() {
        return sectionAt(ports.get(0));
    }

    private static String sectionAt(int port) {
        return """
               consul:
                 host: 127.0.0.1:%d
               """
                .formatted(port);
    }

    @Override
    public int portFor(String member) {
        return ports.get(0);
    }

    @Override
    public List<Process> servers() {
        return servers;
    }

    @Override
    public String counters() throws IOException, InterruptedException {
        return PlainHttp.get(
                URI.create(
                        "http://127.0.0.1:"
                                + ports.get(0)
                                + "/v1/agent/metrics?format=prometheus"));
    }

    @Override
    public String title() {
        return "Consul";
    }
}
