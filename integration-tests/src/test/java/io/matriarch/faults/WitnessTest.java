package io.matriarch.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.lab.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The voter without PostgreSQL, as the distribution starts it. */
@Tag("real")
class WitnessTest {
    private static final String PASSWORD = "never to be logged";

    @TempDir Path folder;
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly();
            process.waitFor(20, TimeUnit.SECONDS);
        }
    }

    private Daemon matriarch(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Product.home().resolve("bin").resolve("matriarch").toString());
        command.addAll(List.of(arguments));
        Path log = folder.resolve("witness-" + started.size() + ".log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        started.add(process);
        return new Daemon(process, log);
    }

    private Daemon witness(String section) throws IOException {
        Path file = folder.resolve("witness-" + started.size() + ".yml");
        Files.writeString(file, "scope: demo\nname: third\n" + section);
        return matriarch("witness", file.toString());
    }

    private String section(List<Integer> ports, int own) {
        List<String> partners =
                ports.stream()
                        .filter(port -> port != own)
                        .map(port -> "'127.0.0.1:" + port + "'")
                        .toList();
        return "raft:\n  self_addr: 127.0.0.1:%d\n  partner_addrs: %s\n  data_dir: %s\n  password: %s\n"
                .formatted(own, partners, folder, PASSWORD);
    }

    @Test
    void votersAloneMakeAStoreAndEndInGoodOrder() throws Exception {
        List<Integer> ports = Ports.free(3);
        List<Daemon> voters = new ArrayList<>();
        for (int port : ports) {
            voters.add(witness(section(ports, port)));
        }
        for (Daemon voter : voters) {
            voter.awaitLine("of the store has started");
        }
        Awaitility.await("one of them leads")
                .atMost(Duration.ofSeconds(60))
                .until(() -> voters.stream().anyMatch(WitnessTest::leads));
        for (Daemon voter : voters) {
            assertThat(voter.exitCodeOnTerm()).as(voter.text()).isZero();
            assertThat(voter.lines("the witness was told to end")).hasSize(1);
            assertThat(voter.text()).doesNotContain(PASSWORD);
            voter.assertNoStackTrace();
        }
    }

    private static boolean leads(Daemon voter) {
        try {
            return !voter.lines("leads the store").isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aNewStoreTellsForWhomItWaits() throws Exception {
        List<Integer> ports = Ports.free(3);
        Daemon voter = witness(section(ports, ports.get(0)));
        voter.awaitLine("a new store begins when all its members are there");
        assertThat(voter.lines("waits for").get(0))
                .contains("127.0.0.1:" + ports.get(1), "127.0.0.1:" + ports.get(2));
        assertThat(voter.exitCodeOnTerm()).isZero();
        voter.assertNoStackTrace();
    }

    @Test
    void mistakesEndItWithOneSentence() throws Exception {
        refused("etcd3: {host: '127.0.0.1:1'}\n", "the store is etcd3", "section raft");
        refused("raft: {partner_addrs: ['127.0.0.1:1']}\n", "raft.self_addr is not set");
        refused("raft: {self_addr: here}\n", "raft.self_addr", "ADDRESS:PORT");
        Path noFolder = Files.writeString(folder.resolve("file"), "");
        refused(
                "raft: {self_addr: '127.0.0.1:1', data_dir: %s/x}\n".formatted(noFolder),
                "raft.data_dir");
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused(
                    section(List.of(busy.getLocalPort()), busy.getLocalPort()),
                    "raft cannot listen on 127.0.0.1:" + busy.getLocalPort());
        }
    }

    private void refused(String section, String... says) throws Exception {
        Daemon witness = witness(section);
        assertThat(witness.exitCode()).as(witness.text()).isEqualTo(1);
        witness.assertSaid(says);
    }

    @Test
    void theCommandLine() throws Exception {
        Daemon help = matriarch("witness", "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.text())
                .contains("Usage: matriarch witness", "[FILE]", "without PostgreSQL");
        assertThat(matriarch("witness", "a.yml", "b.yml").exitCode()).isEqualTo(2);
        Daemon missing = matriarch("witness", folder.resolve("none.yml").toString());
        assertThat(missing.exitCode()).isEqualTo(1);
        missing.assertSaid("none.yml");
    }
}
