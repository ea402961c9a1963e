package io.matriarch.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/**
 * Hosts of a network of their own: one network namespace each, joined by a bridge in the namespace
 * of a hub. Nothing of it is seen outside, and all of it goes with {@link #close}.
 */
final class Network implements AutoCloseable {
    static final String HUB = "hub";

    private static final String NET = "10.99.7.";
    private static final int COMMAND_SECONDS = 20;

    private final String prefix = "mt" + ProcessHandle.current().pid() + "-";
    private final List<String> hosts;
    private final List<Process> started = new ArrayList<>();

    private Network(List<String> hosts) {
        this.hosts = hosts;
    }

    /** The test is skipped, with the reason, where namespaces cannot be made. */
    static Network of(List<String> hosts) throws IOException, InterruptedException {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "only root can make network namespaces");
        Network network = new Network(List.copyOf(hosts));
        try {
            network.build();
            return network;
        } catch (IOException e) {
            network.close();
            throw new TestAbortedException("no network namespaces: " + e.getMessage(), e);
        }
    }

    private void build() throws IOException, InterruptedException {
        add(HUB);
        ip("-n", space(HUB), "link", "add", "br0", "type", "bridge");
        ip("-n", space(HUB), "addr", "add", address(HUB) + "/24", "dev", "br0");
        ip("-n", space(HUB), "link", "set", "br0", "up");
        for (String host : hosts) {
            add(host);
            ip(
                    "-n",
                    space(HUB),
                    "link",
                    "add",
                    plug(host),
                    "type",
                    "veth",
                    "peer",
                    "name",
                    "eth0",
                    "netns",
                    space(host));
            ip("-n", space(HUB), "link", "set", plug(host), "master", "br0", "up");
            ip("-n", space(host), "addr", "add", address(host) + "/24", "dev", "eth0");
            ip("-n", space(host), "link", "set", "eth0", "up");
        }
    }

    private void add(String host) throws IOException, InterruptedException {
        ip("netns", "add", space(host));
        ip("-n", space(host), "link", "set", "lo", "up");
    }

    private String space(String host) {
        return prefix + host;
    }

    private static String plug(String host) {
        return "to-" + host;
    }

    static String net() {
        return NET + "0/24";
    }

    String address(String host) {
        return NET + (host.equals(HUB) ? 1 : 11 + hosts.indexOf(host));
    }

    /** Pulls the host's plug at the hub. */
    void unplug(String host) throws IOException, InterruptedException {
        ip("-n", space(HUB), "link", "set", plug(host), "down");
    }

    void plugIn(String host) throws IOException, InterruptedException {
        ip("-n", space(HUB), "link", "set", plug(host), "up");
    }

    /**
     * What the one sends to the other is lost without a word from now on; the way back stays open.
     */
    void loseWay(String from, String to) throws IOException, InterruptedException {
        // Nobody has this link-layer address: the bridge shows the packets to all, and none takes
        // them.
        ip(
                "-n",
                space(from),
                "neigh",
                "replace",
                address(to),
                "lladdr",
                "02:00:00:00:00:01",
                "dev",
                "eth0",
                "nud",
                "permanent");
    }

    void findWay(String from, String to) throws IOException, InterruptedException {
        ip("-n", space(from), "neigh", "del", address(to), "dev", "eth0");
    }

    /** Starts a process on the host, which ends with the network at the latest. */
    Process start(String host, List<String> command, Map<String, String> environment, Path log)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(on(host, command))
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** Runs a short command on the host; what it said on standard output, whatever its code. */
    String ask(String host, List<String> command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(on(host, command))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        process.waitFor();
        return said;
    }

    private List<String> on(String host, List<String> command) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", space(host)));
        words.addAll(command);
        return words;
    }

    private static String ip(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.trim());
        }
        return said;
    }

    /** Ends the latest first, then what is left in the namespaces, then these. */
    @Override
    public void close() throws IOException {
        try {
            for (int i = started.size() - 1; i >= 0; i--) {
                end(started.get(i).toHandle(), false);
            }
            List<String> all = new ArrayList<>(hosts);
            all.add(HUB);
            for (String host : all) {
                remove(host);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the network was removed", e);
        }
    }

    private void remove(String host) throws IOException, InterruptedException {
        if (!ip("netns", "list").lines().anyMatch(line -> line.split(" ")[0].equals(space(host)))) {
            return; // it was never made
        }
        for (String pid : ip("netns", "pids", space(host)).lines().toList()) {
            ProcessHandle.of(Long.parseLong(pid.trim())).ifPresent(left -> end(left, true));
        }
        ip("netns", "del", space(host));
    }

    private static void end(ProcessHandle process, boolean now) {
        if (now) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        process.onExit().completeOnTimeout(process, COMMAND_SECONDS, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
