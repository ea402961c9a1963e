package io.matriarch.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.conformance.tls.LoopbackCertificates;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Snapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with client certificates, and znodes that only some may touch. */
@Tag("real")
class ZooKeeperSecurityTest {
    private static final String PASSWORD = "sealed";

    @TempDir Path folder;

    /**
     * The first handshake of a server that has just been started takes seconds on a busy machine.
     */
    private static Dcs member(Map<String, Object> section) {
        return Opened.open(
                "zookeeper",
                section,
                Optional.of("a"),
                new DcsSettings(
                        Duration.ofSeconds(6), Duration.ofSeconds(2), Duration.ofSeconds(8)),
                hint -> {});
    }

    private static void proves(Map<String, Object> section) {
        try (Dcs dcs = member(section)) {
            Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(15));
            assertThat(dcs.acquire(seen, Opening.within(15)).isApplied()).isTrue();
            assertThat(dcs.renew(seen, LeaderUpdate.NONE, Opening.within(15)).isApplied()).isTrue();
        }
    }

    private static void misconfigured(Map<String, Object> section, String says) {
        assertThatThrownBy(
                        () -> {
                            try (Dcs dcs = member(section)) {
                                dcs.acquire(Snapshot.empty(0), Opening.within(15));
                            }
                        })
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining(says);
    }

    @Test
    void clientCertificates() throws IOException {
        LoopbackCertificates made = new LoopbackCertificates(folder);
        try (Ensemble ensemble = Ensemble.startTls(made)) {
            Map<String, Object> section = tls(ensemble, made);
            proves(section);
            section.put("key", made.oldFormKey().toString());
            proves(section);
            section.put("key", made.sealedKey(PASSWORD).toString());
            misconfigured(section, "key_password");
            section.put("key_password", PASSWORD);
            proves(section);
            Path both = folder.resolve("both.pem");
            Files.writeString(
                    both, Files.readString(made.clientKey()) + Files.readString(made.client()));
            section.put("cert", both.toString());
            section.remove("key");
            section.remove("key_password");
            proves(section);
            section.put("cacert", made.otherAuthority().toString());
            misconfigured(section, "TLS");
            section.put("verify", "false");
            proves(section);
            section.put("verify", "true");
            section.put("cacert", folder.resolve("missing.pem").toString());
            misconfigured(section, "missing.pem");
            section.put("cacert", made.authority().toString());
            section.remove("cert");
            misconfigured(section, "TLS");
        }
    }

    /** The subject of the certificate, without a scheme, as in the peer's files. */
    @Test
    void znodesThatOnlyACertificateMayTouch() throws IOException {
        LoopbackCertificates made = new LoopbackCertificates(folder);
        try (Ensemble ensemble = Ensemble.startTls(made)) {
            Map<String, Object> section = tls(ensemble, made);
            section.put("set_acls", Map.of("CN=client", List.of("ALL")));
            proves(section);
            InetSocketAddress plain = ensemble.address(0);
            misconfigured(
                    Map.of("hosts", plain.getHostString() + ":" + plain.getPort()), "set_acls");
        }
    }

    private static Map<String, Object> tls(Ensemble ensemble, LoopbackCertificates made) {
        return new HashMap<>(
                Map.of(
                        "hosts", ensemble.hosts(),
                        "use_ssl", "true",
                        "cacert", made.authority().toString(),
                        "cert", made.client().toString(),
                        "key", made.clientKey().toString()));
    }

    @Test
    void rotatedCertificatesNeedNoRestart() throws Exception {
        LoopbackCertificates made = new LoopbackCertificates(folder);
        Path authority = Files.copy(made.otherAuthority(), folder.resolve("rotated.pem"));
        try (Ensemble ensemble = Ensemble.startTls(made)) {
            Map<String, Object> section = tls(ensemble, made);
            section.put("cacert", authority.toString());
            try (Dcs dcs = member(section)) {
                assertThatThrownBy(() -> dcs.read(Opening.SCOPE, Opening.within(15)))
                        .isInstanceOf(DcsException.Misconfigured.class);
                Files.copy(made.authority(), authority, StandardCopyOption.REPLACE_EXISTING);
                Deadline end = Opening.within(20);
                while (!end.passed() && !reads(dcs)) {
                    TimeUnit.MILLISECONDS.sleep(100); // the client library tries again by itself
                }
                assertThat(reads(dcs)).isTrue();
            }
        }
    }

    private static boolean reads(Dcs dcs) {
        try {
            dcs.read(Opening.SCOPE, Opening.within(1));
            return true;
        } catch (DcsException e) {
            // Not yet: what is waited for.
            return false;
        }
    }

    @Test
    void aSchemeThatTheServerLacksIsToldEachTime() {
        try (Ensemble ensemble = Ensemble.start(1)) {
            Map<String, Object> section =
                    Map.of("hosts", ensemble.hosts(), "auth_data", Map.of("unheard-of", "secret"));
            try (Dcs dcs = member(section)) {
                for (int again = 0; again < 2; again++) {
                    assertThatThrownBy(() -> dcs.read(Opening.SCOPE, Opening.within(15)))
                            .isInstanceOf(DcsException.Misconfigured.class)
                            .hasMessageContaining("correct auth_data in section zookeeper")
                            .hasMessageNotContaining("secret");
                }
            }
        }
    }

    @Test
    void znodesThatOnlyAUserMayTouch() throws Exception {
        try (Ensemble ensemble = Ensemble.start(1)) {
            String hash = DigestAuthenticationProvider.generateDigest("pg:right");
            Map<String, Object> section = new HashMap<>(Map.of("hosts", ensemble.hosts()));
            section.put("set_acls", Map.of("digest:" + hash, List.of("ALL")));
            section.put("auth_data", Map.of("digest", "pg:right"));
            proves(section);
            Operator user = new Operator(ensemble.hosts(), Optional.of("pg:right"));
            ACL only = new ACL(ZooDefs.Perms.ALL, new Id("digest", hash));
            for (String path : List.of("/service", "/service/batman", "/service/batman/leader")) {
                assertThat(user.acl(path)).as(path).containsExactly(only);
            }
            section.put("auth_data", Map.of("digest", "pg:wrong"));
            misconfigured(section, "auth_data");
            section.remove("auth_data");
            misconfigured(section, "auth_data");
        }
    }
}
