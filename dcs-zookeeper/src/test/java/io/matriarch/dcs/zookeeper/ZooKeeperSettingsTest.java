package io.matriarch.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.Test;

/** The section as an operator writes it. */
class ZooKeeperSettingsTest {
    private static ZooKeeperSettings of(Map<String, Object> values) {
        return ZooKeeperSettings.of(new Section("zookeeper", values));
    }

    private static String hosts(Object value) {
        return of(Map.of("hosts", value)).connectString();
    }

    @Test
    void theProviderIsFound() {
        List<String> names =
                ServiceLoader.load(DcsProvider.class).stream()
                        .map(provider -> provider.get().name())
                        .toList();
        assertThat(names).contains("zookeeper");
    }

    @Test
    void addresses() {
        assertThat(hosts("a:1, b")).isEqualTo("a:1,b:2181");
        assertThat(hosts(List.of("a", "[::1]:7", "::2"))).isEqualTo("a:2181,[::1]:7,[::2]:2181");
    }

    @Test
    void principalsWithoutASchemeAreSubjectsOfCertificates() {
        Map<String, Object> acls =
                Map.of("CN=pg", List.of("ALL"), "digest:u:hash", List.of("read", "CREATE"));
        assertThat(of(Map.of("hosts", "a", "set_acls", acls)).acl())
                .containsExactlyInAnyOrder(
                        new ACL(ZooDefs.Perms.ALL, new Id("x509", "CN=pg")),
                        new ACL(
                                ZooDefs.Perms.READ | ZooDefs.Perms.CREATE,
                                new Id("digest", "u:hash")));
        assertThat(of(Map.of("hosts", "a")).acl()).isEqualTo(ZooDefs.Ids.OPEN_ACL_UNSAFE);
    }

    @Test
    void tlsSettingsCountOnlyWithTls() {
        assertThat(of(Map.of("hosts", "a", "key", "k")).tls()).isEmpty();
        assertThat(of(Map.of("hosts", "a", "use_ssl", "on", "verify", "off")).tls())
                .hasValueSatisfying(tls -> assertThat(tls.verify()).isFalse());
    }

    @Test
    void whatCannotWorkIsSaidWithoutSecrets() {
        wrong(Map.of(), "hosts names no server");
        wrong(Map.of("hosts", "a:b"), "'a:b' is not host:port");
        wrong(Map.of("hosts", "a", "use_ssl", true, "key", "k"), "key is set without cert");
        wrong(Map.of("hosts", "a", "set_acls", Map.of("x", List.of("FLY"))), "'FLY'");
        Map<String, Object> secret =
                Map.of("hosts", "a", "auth_data", Map.of("digest", "u:secret"));
        assertThat(of(secret).toString()).doesNotContain("secret");
    }

    private static void wrong(Map<String, Object> values, String says) {
        assertThatThrownBy(() -> of(values))
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining(says);
    }

    @Test
    void exhibitorIsAnsweredWithWhatToWriteInstead() {
        DcsConfig config =
                new DcsConfig(
                        Opening.SCOPE,
                        Optional.empty(),
                        new Section("exhibitor", Map.of("hosts", "a", "port", 8181)),
                        DcsSettings.defaults(),
                        Opening.TICKER);
        assertThatThrownBy(() -> new ZooKeeperProvider().open(config, hint -> {}))
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining("section zookeeper with the key hosts");
    }

    @Test
    void serversThatDoNotAnswerAreNamed() {
        try (Dcs dcs = Opened.member("127.0.0.1:9,localhost:9", "a", hint -> {})) {
            assertThatThrownBy(() -> dcs.read(Opening.SCOPE, Opening.within(0.5)))
                    .isInstanceOf(DcsException.NotApplied.class)
                    .hasMessage(
                            "reading the scope: no connection to ZooKeeper at"
                                    + " 127.0.0.1:9,localhost:9");
        }
    }

    private static Optional<ZooKeeperSettings> rerouted(Map<String, Object> values) {
        return new ZooKeeperProvider()
                .rerouted(
                        new Section("zookeeper", values),
                        server -> new InetSocketAddress("127.0.0.1", server.getPort() + 1))
                .map(ZooKeeperSettings::of);
    }

    @Test
    void proxiesTakeThePlaceOfTheServersAndAllElseStays() {
        ZooKeeperSettings settings =
                rerouted(
                                Map.of(
                                        "hosts",
                                        "192.0.2.1:7,[::1]:8",
                                        "auth_data",
                                        Map.of("digest", "u:p")))
                        .orElseThrow();
        assertThat(settings.connectString()).isEqualTo("127.0.0.1:8,127.0.0.1:9");
        assertThat(settings.auths()).containsEntry("digest", "u:p");
    }

    @Test
    void certificatesThatNameOtherMachinesForbidTheProxies() {
        assertThat(rerouted(Map.of("hosts", "localhost:7,192.0.2.1:8", "use_ssl", true))).isEmpty();
        assertThat(
                        rerouted(
                                        Map.of(
                                                "hosts", "localhost:7,192.0.2.1:8",
                                                "use_ssl", true,
                                                "verify", false))
                                .map(ZooKeeperSettings::connectString))
                .contains("127.0.0.1:8,127.0.0.1:9");
        assertThat(
                        rerouted(Map.of("hosts", "localhost:7", "use_ssl", true))
                                .map(ZooKeeperSettings::connectString))
                .as("the same machine, by the name in its certificate")
                .contains("localhost:8");
    }

    @Test
    void exhibitorHasNoServersThatAProxyCouldStandBefore() {
        assertThatThrownBy(
                        () ->
                                new ZooKeeperProvider()
                                        .rerouted(
                                                new Section("exhibitor", Map.of("hosts", "a")),
                                                server -> server))
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining("section zookeeper with the key hosts");
    }
}
