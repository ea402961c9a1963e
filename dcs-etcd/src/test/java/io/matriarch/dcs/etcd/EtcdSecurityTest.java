package io.matriarch.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.conformance.tls.LoopbackCertificates;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with client certificates, and users with passwords. */
@Tag("real")
class EtcdSecurityTest {
    @TempDir Path folder;

    private static void proves(Map<String, Object> section) {
        try (Dcs dcs = Opened.member(section, "a", Duration.ofSeconds(6), hint -> {})) {
            Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
            assertThat(dcs.acquire(seen, Opening.within(5)).isApplied()).isTrue();
            assertThat(dcs.renew(seen, LeaderUpdate.NONE, Opening.within(5)).isApplied()).isTrue();
        }
    }

    private static void misconfigured(Map<String, Object> section, String says) {
        try (Dcs dcs = Opened.member(section, "a", Duration.ofSeconds(6), hint -> {})) {
            assertThatThrownBy(() -> dcs.read(Opening.SCOPE, Opening.within(3)))
                    .isInstanceOf(DcsException.Misconfigured.class)
                    .hasMessageContaining(says);
        }
    }

    @Test
    void clientCertificates() throws IOException {
        LoopbackCertificates made = new LoopbackCertificates(folder);
        try (EtcdCluster etcd =
                EtcdCluster.startTls(
                        1,
                        List.of(
                                "--cert-file=" + made.server(),
                                "--key-file=" + made.serverKey(),
                                "--client-cert-auth",
                                "--trusted-ca-file=" + made.authority()))) {
            Map<String, Object> section =
                    new HashMap<>(
                            Map.of(
                                    "hosts", etcd.hosts(),
                                    "protocol", "https",
                                    "cacert", made.authority().toString(),
                                    "cert", made.client().toString(),
                                    "key", made.clientKey().toString()));
            proves(section);
            // Without cacert the server is believed.
            section.remove("cacert");
            proves(section);
            Path both = folder.resolve("both.pem");
            Files.writeString(
                    both, Files.readString(made.clientKey()) + Files.readString(made.client()));
            section.put("cert", both.toString());
            section.remove("key");
            proves(section);
            section.put("key", made.oldFormKey().toString());
            proves(section);
            section.put("cacert", made.otherAuthority().toString());
            misconfigured(section, "TLS");
            section.put("cacert", folder.resolve("missing.pem").toString());
            misconfigured(section, "missing.pem");
        }
    }

    @Test
    void usersAndPasswords() {
        try (EtcdCluster etcd = EtcdCluster.start(1, "--auth-token-ttl=2")) {
            Map<String, Object> section = new HashMap<>(Map.of("hosts", etcd.hosts()));
            section.put("username", "root");
            section.put("password", "right");
            // The store has no users yet.
            proves(section);
            try (Dcs before = Opened.member(section, "a", Duration.ofSeconds(6), hint -> {})) {
                before.read(Opening.SCOPE, Opening.within(3));
                etcd.enableUsers("right");
                assertThat(
                                before.renew(
                                                Snapshot.empty(0),
                                                LeaderUpdate.NONE,
                                                Opening.within(5))
                                        .isApplied())
                        .isTrue();
            }
            proves(section);
            section.put("password", "wrong");
            misconfigured(section, "password");
            section.remove("username");
            section.remove("password");
            misconfigured(section, "username");
        }
    }

    /** etcd forgets its simple tokens when it restarts. */
    @Test
    void aForgottenTokenIsReplacedInsideTheDeadline() {
        try (EtcdCluster etcd = EtcdCluster.start(1)) {
            etcd.enableUsers("right");
            Map<String, Object> section =
                    Map.of("hosts", etcd.hosts(), "username", "root", "password", "right");
            try (Dcs dcs = Opened.member(section, "a", Duration.ofSeconds(20), hint -> {})) {
                Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(8));
                dcs.acquire(seen, Opening.within(8)).applied().orElseThrow();
                for (int i = 0; i < 3; i++) {
                    etcd.kill(0);
                    etcd.restart(0);
                    assertThat(dcs.renew(seen, LeaderUpdate.NONE, Opening.within(5)).isApplied())
                            .isTrue();
                }
            }
        }
    }
}
