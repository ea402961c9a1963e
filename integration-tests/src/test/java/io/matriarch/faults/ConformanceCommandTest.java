package io.matriarch.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.lab.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code matriarch conformance} of the built distribution. */
@Tag("real")
class ConformanceCommandTest {
    private static final Path ETCD = Path.of("/usr/bin/etcd");

    @TempDir private Path folder;

    private record Ended(int code, String said) {}

    private Ended run(String yaml, String... arguments) throws Exception {
        Path file = Files.writeString(folder.resolve("store.yml"), yaml);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Product.home().resolve("bin/matriarch").toString(),
                                "conformance",
                                "--config",
                                file.toString()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        try (InputStream output = process.getInputStream()) {
            String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return new Ended(process.exitValue(), said);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void isOneSentence(Ended ended, String start) {
        assertThat(ended.code()).as(ended.said()).isEqualTo(1);
        assertThat(ended.said().lines()).as(ended.said()).hasSize(1);
        assertThat(ended.said()).startsWith("matriarch: " + start);
    }

    @Test
    @DisplayName("a store that cannot be reached is one sentence, and nothing counts as tested")
    void unreachable() throws Exception {
        int port = Ports.free(1).get(0);
        Ended ended = run("etcd3: {hosts: '127.0.0.1:" + port + "'}");
        isOneSentence(ended, "the store of section etcd3 does not answer (");
        assertThat(ended.said()).contains("nothing was tested");
    }

    @Test
    @DisplayName("no section, two sections, an unusable setting: one sentence each")
    void sections() throws Exception {
        isOneSentence(run("etcd4: {host: a}"), "Can not find suitable configuration");
        Ended two = run("etcd3: {host: a}\nconsul: {host: b}");
        isOneSentence(two, folder.resolve("store.yml").toString());
        assertThat(two.said()).contains("more than one DCS section (consul, etcd3)");
        isOneSentence(run("etcd3: {scheme: x}"), "etcd3 names no address of etcd");
    }

    @Test
    @DisplayName("on a live etcd the wanted rules pass, under faults of links, and nothing is left")
    void live() throws Exception {
        assumeTrue(Files.isExecutable(ETCD), "etcd is not installed: run dev/provision servers");
        List<Integer> ports = Ports.free(2);
        String clients = "http://127.0.0.1:" + ports.get(0);
        String peers = "http://127.0.0.1:" + ports.get(1);
        Process etcd = etcd(clients, peers);
        try {
            Ended ended =
                    run(
                            "etcd3: {hosts: '127.0.0.1:" + ports.get(0) + "'}",
                            "--rules=W1,W2,R4,O2,O3",
                            "--histories=2");
            assertThat(ended.code()).as(ended.said()).isZero();
            assertThat(ended.said())
                    .contains("faults of links, through proxies", "io.matriarch.dcs.etcd.Etcd")
                    .contains("passed   O2_histories_noAnswerComesFromNowhere")
                    .contains("NOT RUN (1, rules O3)")
                    .contains("4 rules passed, 0 failed, 1 not run");
            assertThat(Files.readString(folder.resolve("conformance-reports/etcd3.md")))
                    .contains("| plug-in version | 0.", "| W1 | passed |", "| L1 | not run |");
            assertThat(keys(clients)).isEqualTo("0");
        } finally {
            etcd.destroyForcibly().waitFor();
        }
    }

    private Process etcd(String clients, String peers) throws IOException {
        return new ProcessBuilder(
                        ETCD.toString(),
                        "--data-dir=" + folder.resolve("etcd"),
                        "--listen-client-urls=" + clients,
                        "--advertise-client-urls=" + clients,
                        "--listen-peer-urls=" + peers,
                        "--initial-advertise-peer-urls=" + peers,
                        "--initial-cluster=default=" + peers)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("etcd.log").toFile())
                .start();
    }

    /** How many there are. */
    private static String keys(String clients) throws Exception {
        ProcessBuilder count =
                new ProcessBuilder(
                        "etcdctl", "--endpoints=" + clients, "get", "", "--prefix", "--keys-only");
        count.environment().put("ETCDCTL_API", "3");
        Process process = count.redirectErrorStream(true).start();
        try (InputStream output = process.getInputStream()) {
            long lines =
                    new String(output.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank())
                            .count();
            return Long.toString(lines);
        }
    }
}
