package io.matriarch.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.tls.LoopbackCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A store's section or plug-in that cannot work, and a store that does not let the member in: the
 * daemon ends with one clear sentence and touches nothing.
 */
@Tag("real")
class BadStoreTest {
    private static final String STORE = "store: {hosts: 'store1:7000'}\n";

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

    private void refused(String yaml, String... parts) throws Exception {
        ended(bench.run(yaml), parts);
    }

    private void ended(Daemon daemon, String... parts) throws Exception {
        assertThat(daemon.exitCode()).as(daemon.text()).isEqualTo(1);
        daemon.assertSaid(parts);
        assertThat(bench.dataDirectory()).doesNotExist();
    }

    /** The one jar of a plug-in that does not work here. */
    private static void jar(Path folder, Map<String, String> manifest, Map<String, String> files)
            throws IOException {
        Manifest made = new Manifest();
        made.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.forEach(made.getMainAttributes()::putValue);
        try (JarOutputStream jar =
                new JarOutputStream(Files.newOutputStream(folder.resolve("x.jar")), made)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                jar.putNextEntry(new JarEntry(file.getKey()));
                jar.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private void plugInForAnotherSpi(String folder) throws IOException {
        jar(bench.plugIn(folder), Map.of("Matriarch-SPI", "2"), Map.of());
    }

    @Test
    @DisplayName("two sections of stores: both are named")
    void twoSections() throws Exception {
        refused(
                bench.yaml() + "consul: {host: '127.0.0.1:8500'}\n",
                "node1.yml:",
                "more than one DCS section (consul, etcd3)");
    }

    @Test
    @DisplayName("a misspelt section: the one that was meant is named")
    void misspeltSection() throws Exception {
        refused(
                bench.yaml().replace("etcd3:", "edcd3:"),
                "Can not find suitable configuration",
                "edcd3: did you mean etcd3?");
    }

    @Test
    @DisplayName("a plug-in that is not there: its name and those of the others are told")
    void unknownPlugIn() throws Exception {
        refused(
                bench.yaml(STORE),
                "Can not find suitable configuration",
                "Available implementations: consul, etcd, etcd3, exhibitor, kubernetes, raft,"
                        + " zookeeper;",
                "no DCS plug-in named 'store'");
    }

    @Test
    @DisplayName("a plug-in for another SPI, in a folder named like its section")
    void anotherSpi() throws Exception {
        plugInForAnotherSpi("store");
        refused(
                bench.yaml(STORE),
                "the DCS plug-in 'store' cannot be used: ",
                "plugins/store was built for SPI 2, and this is SPI 1; install a build of it for"
                        + " SPI 1");
    }

    @Test
    @DisplayName("a plug-in for another SPI, in a folder of any name")
    void anotherSpiInAnyFolder() throws Exception {
        plugInForAnotherSpi("my-repo");
        String[] told = {
            "raft, zookeeper;",
            "no DCS plug-in named 'store'",
            "cannot be used: ",
            "plugins/my-repo was built for SPI 2, and this is SPI 1; install a build of it for"
                    + " SPI 1"
        };
        refused(bench.yaml(STORE), told);
        Path file = bench.scratch().write("store.yml", STORE, "rw-r--r--");
        ended(bench.launch("conformance", "--config", file.toString()), told);
    }

    @Test
    @DisplayName("a plug-in without a class that it needs, in a folder of any name")
    void incompletePlugIn() throws Exception {
        jar(
                bench.plugIn("my-repo"),
                Map.of("Matriarch-SPI", "1"),
                Map.of("META-INF/services/io.matriarch.spi.DcsProvider", "com.example.Gone"));
        refused(
                bench.yaml(STORE),
                "no DCS plug-in named 'store'",
                "plugins/my-repo cannot be loaded (",
                "com.example.Gone",
                "install it completely");
    }

    @Test
    @DisplayName("a store whose certificate is of another authority")
    void badCertificate() throws Exception {
        Path folder = Files.createDirectory(bench.scratch().file("tls"));
        LoopbackCertificates made = new LoopbackCertificates(folder);
        try (SecuredServer etcd = SecuredServer.etcd(made)) {
            refused(
                    bench.yaml(
                            """
                            etcd3:
                              hosts: 127.0.0.1:%d
                              protocol: https
                              cacert: %s
                            """
                                    .formatted(etcd.port(), made.otherAuthority())),
                    "etcd and this member do not agree on TLS",
                    "check protocol, cacert, cert and key");
        }
    }

    @Test
    @DisplayName("a token that the store does not know")
    void wrongToken() throws Exception {
        String token = "11111111-2222-3333-4444-555555555555";
        try (SecuredServer consul = SecuredServer.consul()) {
            Daemon daemon =
                    bench.run(
                            bench.yaml(
                                    "consul: {host: '127.0.0.1:%d', token: %s}\n"
                                            .formatted(consul.port(), token)));
            ended(daemon, "Consul does not let this member go on", "correct consul.token");
            assertThat(daemon.text()).doesNotContain(token);
        }
    }
}
