package io.matriarch.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Mistakes that operators make: one clear sentence each, and never a data directory removed. */
@Tag("real")
class BadInputTest {
    private Workbench bench;

    @BeforeEach
    void open() throws Exception {
        bench = Workbench.open();
    }

    @AfterEach
    void close() throws Exception {
        if (bench != null) {
            bench.close();
        }
    }

    private String misspelt() {
        return bench.yaml().replace("use_pg_rewind:", "use_pg_rewnd:");
    }

    @Test
    @DisplayName("a misspelt key is warned of with the key that was meant, and the daemon goes on")
    void misspeltKey() throws Exception {
        Daemon daemon = bench.run(misspelt());
        daemon.awaitLine("trying again");
        assertThat(daemon.lines("use_pg_rewnd")).as(daemon.text()).hasSize(1);
        assertThat(daemon.lines("use_pg_rewnd").get(0)).contains("WARN", "use_pg_rewind");
        assertThat(daemon.exitCodeOnTerm()).isZero();
        daemon.assertNoStackTrace();
    }

    @Test
    @DisplayName("with --strict a misspelt key ends the daemon")
    void misspeltKeyStrict() throws Exception {
        Daemon daemon = bench.run(misspelt(), "--strict");
        assertThat(daemon.exitCode()).isEqualTo(1);
        daemon.assertSaid("use_pg_rewnd", "use_pg_rewind");
    }

    @Test
    @DisplayName("without a store the daemon says so, goes on trying, and ends when it is told to")
    void unreachableStore() throws Exception {
        Daemon daemon = bench.run(bench.yaml());
        daemon.awaitLine("trying again");
        assertThat(daemon.process().isAlive()).isTrue();
        assertThat(daemon.lines("trying again").get(0))
                .contains("Can not get cluster from dcs", "127.0.0.1:" + bench.member().etcdPort());
        assertThat(daemon.exitCodeOnTerm()).isZero();
        daemon.assertNoStackTrace();
        assertThat(bench.dataDirectory()).doesNotExist();
    }

    @Test
    @DisplayName("a wrong password of the store ends the daemon")
    void wrongStorePassword() throws Exception {
        bench.startEtcd();
        bench.protectEtcd();
        Daemon daemon =
                bench.run(
                        bench.yaml()
                                .replace(
                                        "  use_proxies: true",
                                        "  use_proxies: true\n  username: root\n  password: wrong"));
        assertThat(daemon.exitCode()).isEqualTo(1);
        daemon.assertSaid("etcd refused the user or the password", "username and password");
        assertThat(daemon.text()).doesNotContain("password: wrong");
        assertThat(bench.dataDirectory()).doesNotExist();
    }

    @Test
    @DisplayName("a busy port of the REST API ends the daemon")
    void busyRestPort() throws Exception {
        bench.startEtcd();
        int port = bench.member().restPort();
        try (ServerSocket busy = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(busy.isBound()).isTrue();
            Daemon daemon = bench.run(bench.yaml());
            assertThat(daemon.exitCode()).isEqualTo(1);
            daemon.assertSaid("127.0.0.1:" + port);
        }
        assertThat(bench.dataDirectory()).doesNotExist();
    }

    @Test
    @DisplayName("a busy port of PostgreSQL is named, and existing data stays as it is")
    void busyPostgresPort() throws Exception {
        bench.startEtcd();
        int port = bench.member().postgresPort();
        try (ServerSocket busy = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(busy.isBound()).isTrue();
            Daemon daemon = bench.run(bench.yaml());
            assertThat(daemon.exitCode()).isEqualTo(1);
            daemon.assertSaid("Failed to bootstrap cluster", Integer.toString(port));
        }
    }

    @Test
    @DisplayName("a superuser's password that existing data do not know is named")
    void wrongSuperuserPassword() throws Exception {
        bench.startEtcd();
        bench.initdb();
        Daemon daemon =
                bench.run(
                        bench.yaml()
                                .replace(
                                        "{username: postgres, password: " + Workbench.PASSWORD,
                                        "{username: postgres, password: wrong"));
        daemon.awaitLine("password authentication failed");
        assertThat(daemon.exitCodeOnTerm()).isZero();
        daemon.assertNoStackTrace();
        assertThat(bench.dataDirectory().resolve("PG_VERSION")).exists();
    }

    @Test
    @DisplayName("a data directory of another cluster ends the daemon and is not touched")
    void foreignDataDirectory() throws Exception {
        bench.startEtcd();
        bench.put("initialize", "7000000000000000001");
        bench.initdb();
        DirectoryImage before = DirectoryImage.of(bench.dataDirectory());
        Daemon daemon = bench.run(bench.yaml());
        assertThat(daemon.exitCode()).isEqualTo(1);
        daemon.assertSaid("system ID mismatch", "7000000000000000001");
        assertThat(DirectoryImage.of(bench.dataDirectory())).isEqualTo(before);
    }

    @Test
    @DisplayName("a running primary of another cluster is stopped before the daemon ends")
    void foreignServer() throws Exception {
        bench.startEtcd();
        bench.put("initialize", "7000000000000000001");
        bench.initdb();
        bench.startServer();
        Daemon daemon = bench.run(bench.yaml());
        assertThat(daemon.exitCode()).isEqualTo(1);
        daemon.assertSaid("system ID mismatch", "7000000000000000001");
        assertThat(daemon.lines("stopping PostgreSQL: system ID mismatch")).hasSize(1);
        assertThat(bench.dataDirectory().resolve("postmaster.pid")).doesNotExist();
        assertThat(bench.dataDirectory().resolve("PG_VERSION")).exists();
    }

    @Test
    @DisplayName("a daemon that cannot start says that a running server goes on without it")
    void serverWithoutDaemon() throws Exception {
        bench.startEtcd();
        bench.initdb();
        bench.startServer();
        int port = bench.member().restPort();
        try (ServerSocket busy = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(busy.isBound()).isTrue();
            Daemon daemon = bench.run(bench.yaml());
            assertThat(daemon.exitCode()).isEqualTo(1);
            daemon.assertSaid("127.0.0.1:" + port);
            assertThat(daemon.lines("PostgreSQL keeps running")).hasSize(1);
        }
        assertThat(bench.dataDirectory().resolve("postmaster.pid")).exists();
    }

    @Test
    @DisplayName("root is refused")
    void rootUser() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "only root can try what happens to root");
        Daemon daemon = bench.runAsOurselves(bench.yaml());
        assertThat(daemon.exitCode()).isEqualTo(1);
        daemon.assertSaid("must not run as root");
        assertThat(bench.dataDirectory()).doesNotExist();
    }

    @Test
    @DisplayName("a PostgreSQL that is too old is refused")
    void unsupportedVersion() throws Exception {
        bench.startEtcd();
        Path bin = bench.dataDirectory().resolveSibling("bin");
        Files.createDirectory(bin);
        Path postgres = bin.resolve("postgres");
        Files.writeString(postgres, "#!/bin/sh\necho 'postgres (PostgreSQL) 11.22'\n");
        Files.setPosixFilePermissions(postgres, PosixFilePermissions.fromString("rwxr-xr-x"));
        Daemon daemon =
                bench.run(
                        bench.yaml()
                                .replace(
                                        "bin_dir: " + bench.binaries().postgres(),
                                        "bin_dir: " + bin));
        assertThat(daemon.exitCode()).isEqualTo(1);
        daemon.assertSaid("11", "12");
        assertThat(bench.dataDirectory()).doesNotExist();
    }

    @Test
    @DisplayName("a file that cannot be read ends the daemon")
    void unreadableFile() throws Exception {
        Path file = bench.scratch().write("node1.yml", bench.yaml(), "---------");
        Daemon daemon = bench.run(file);
        assertThat(daemon.exitCode()).isEqualTo(1);
        daemon.assertSaid(file.toString());
    }

    @Test
    @DisplayName("a missing file ends the daemon")
    void missingFile() throws Exception {
        Path file = bench.scratch().file("nowhere.yml");
        Daemon daemon = bench.run(file);
        assertThat(daemon.exitCode()).isEqualTo(1);
        daemon.assertSaid(file.toString());
    }

    @Test
    @DisplayName("an error of YAML is named with its line")
    void syntaxError() throws Exception {
        Daemon daemon = bench.run("scope: demo\nname: node1\nrestapi: {listen: 127.0.0.1\n");
        assertThat(daemon.exitCode()).isEqualTo(1);
        daemon.assertSaid("node1.yml", "line ");
    }
}
