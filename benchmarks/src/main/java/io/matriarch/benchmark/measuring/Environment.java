package io.matriarch.benchmark.measuring;

import io.matriarch.lab.Binaries;
import io.matriarch.lab.LabException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** On what a benchmark ran: names to values, for people and machines alike. */
public final class Environment {
    private static final String UNKNOWN = "unknown";

    private Environment() {}

    /** What the peer calls its version; empty if it is not installed. */
    public static Optional<String> peerVersion() {
        return firstLine(List.of("patroni", "--version"));
    }

    /**
     * @param commit of the sources
     */
    public static Map<String, String> describe(String commit) throws LabException {
        Binaries binaries = Binaries.find();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("commit", commit);
        facts.put("peer", peerVersion().orElse("not installed"));
        facts.put("postgresql", version(binaries.postgres().resolve("postgres")));
        facts.put("etcd", binaries.etcd().isPresent() ? version(binaries.etcd().get()) : "none");
        facts.put("java", System.getProperty("java.vm.version"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", memory());
        facts.put(
                "load at the start",
                Double.toString(
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        return facts;
    }

    private static String version(Path program) {
        return firstLine(List.of(program.toString(), "--version")).orElse(UNKNOWN);
    }

    private static String memory() {
        try {
            return Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("\\s+", " ");
        } catch (IOException e) {
            return UNKNOWN; // not Linux: a fact less
        }
    }

    private static Optional<String> firstLine(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            byte[] said = process.getInputStream().readAllBytes();
            boolean worked = process.waitFor() == 0;
            return new String(said, StandardCharsets.UTF_8).lines().findFirst().filter(l -> worked);
        } catch (IOException e) {
            return Optional.empty(); // there is no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
