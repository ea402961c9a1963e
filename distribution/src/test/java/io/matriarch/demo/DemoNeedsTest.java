package io.matriarch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code ./matriarch demo} wants of a machine: its scripts, in a tree whose other scripts only
 * note that they were called, and with a PATH that holds nothing of a store.
 */
class DemoNeedsTest {
    private static final Path SOURCES = Path.of("..").toAbsolutePath().normalize();

    /** What the scripts themselves are made of. */
    private static final List<String> TOOLS =
            List.of("bash", "sort", "dirname", "readlink", "sed", "id", "cat");

    @TempDir private Path tree;

    private record Ended(int code, String said, List<String> calls) {}

    @BeforeEach
    void makeTheTree() throws IOException {
        Files.createDirectories(tree.resolve("dev"));
        Files.createDirectories(tree.resolve("bin"));
        Files.createDirectories(tree.resolve("distribution/target/matriarch/bin"));
        copy("matriarch");
        for (String name : List.of("dev/build", "dev/provision", "dev/kube-apiserver")) {
            spy(name);
        }
        spy("dev/consul");
        spy("distribution/target/matriarch/bin/matriarch");
        for (String tool : TOOLS) {
            Files.createSymbolicLink(tree.resolve("bin").resolve(tool), installed(tool));
        }
        // Two that stand for an installed PostgreSQL, wherever this machine has its own.
        spy("bin/initdb");
        spy("bin/pg_rewind");
    }

    private static Path installed(String tool) {
        return List.of("/usr/bin", "/bin").stream()
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private void copy(String name) throws IOException {
        Files.deleteIfExists(tree.resolve(name));
        Files.copy(SOURCES.resolve(name), tree.resolve(name));
        executable(name);
    }

    private void spy(String name) throws IOException {
        String script = "#!/usr/bin/env bash\necho \"%s $*\" >>\"%s\"\n";
        Files.writeString(tree.resolve(name), script.formatted(name, tree.resolve("calls")));
        executable(name);
    }

    private void executable(String name) throws IOException {
        Files.setPosixFilePermissions(
                tree.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Ended run(String... command) throws Exception {
        List<String> full = new ArrayList<>(List.of(installed("bash").toString()));
        full.add(tree.resolve(command[0]).toString());
        full.addAll(List.of(command).subList(1, command.length));
        ProcessBuilder builder = new ProcessBuilder(full).redirectErrorStream(true);
        builder.environment().put("PATH", tree.resolve("bin").toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Path calls = tree.resolve("calls");
        return new Ended(
                process.waitFor(),
                said,
                Files.exists(calls)
                        ? Files.readAllLines(calls).stream().map(String::strip).toList()
                        : List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "--drill,postgresql",
        "--dcs=raft,postgresql",
        "--dcs=etcd3,postgresql etcd3",
        "--dcs=consul,postgresql consul",
        "--dcs=zookeeper,postgresql zookeeper",
        "--dcs=kubernetes,postgresql kubernetes",
        "--dcs=nonsense,postgresql"
    })
    @DisplayName("the demo wants PostgreSQL, and of the stores the one that it was told to start")
    void asksForItsOwnPartsOnly(String option, String groups) throws Exception {
        Ended ended = run("matriarch", "demo", option);
        assertThat(ended.code()).as(ended.said()).isZero();
        assertThat(ended.calls())
                .containsExactly(
                        "dev/build",
                        "dev/provision " + groups,
                        "distribution/target/matriarch/bin/matriarch demo " + option);
    }

    @Test
    void theStoreMayBeAWordOfItsOwn() throws Exception {
        assertThat(run("matriarch", "demo", "--drill", "--dcs", "zookeeper").calls())
                .contains("dev/provision postgresql zookeeper");
    }

    @Test
    void aMemberIsNotProvidedFor() throws Exception {
        assertThat(run("matriarch", "run", "member.yml").calls())
                .noneMatch(call -> call.startsWith("dev/provision"));
    }

    @Test
    @DisplayName("with PostgreSQL there, nothing of a store is missed, made or built")
    void postgresqlIsEnough() throws Exception {
        copy("dev/provision");
        Ended ended = run("dev/provision", "postgresql");
        assertThat(ended.code()).as(ended.said()).isZero();
        assertThat(ended.calls()).isEmpty();
        assertThat(ended.said()).isEmpty();
    }

    @Test
    @DisplayName("the tests still want every store, and tools besides")
    void serversStayComplete() throws Exception {
        copy("dev/provision");
        Ended ended = run("dev/provision", "--check", "servers");
        assertThat(ended.calls())
                .containsExactly("dev/kube-apiserver --check", "dev/consul --check debian");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.said()).contains("missing:", "etcd-server", "etcd-client", "gcc");
    }

    @ParameterizedTest
    @CsvSource({
        "consul,dev/consul --check current",
        "kubernetes,dev/kube-apiserver --check",
        "etcd3,''",
        "zookeeper,''"
    })
    @DisplayName("a store's group makes that store's server and no other")
    void oneStore(String group, String call) throws Exception {
        copy("dev/provision");
        Ended ended = run("dev/provision", "--check", group);
        assertThat(ended.calls())
                .containsExactlyElementsOf(call.isEmpty() ? List.of() : List.of(call));
    }
}
