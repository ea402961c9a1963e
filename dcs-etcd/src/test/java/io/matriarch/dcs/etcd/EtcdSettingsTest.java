package io.matriarch.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The section as an operator writes it. */
class EtcdSettingsTest {
    private static EtcdSettings of(Map<String, Object> values) {
        return EtcdSettings.of(new Section("etcd3", values));
    }

    private static String urls(Map<String, Object> values) {
        return of(values).endpoints().stream().map(Endpoint::url).toList().toString();
    }

    @Test
    void theProviderIsFound() {
        List<String> names =
                ServiceLoader.load(DcsProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(provider -> provider.aliases().contains("etcd"))
                        .map(DcsProvider::name)
                        .toList();
        assertThat(names).containsExactly("etcd3");
    }

    @Test
    void addresses() {
        assertThat(urls(Map.of("host", "db1"))).isEqualTo("[http://db1:2379]");
        assertThat(urls(Map.of("hosts", "a:1, b", "port", 7, "protocol", "https")))
                .isEqualTo("[https://a:1, https://b:7]");
        assertThat(urls(Map.of("hosts", List.of("::1", "[::2]:5"))))
                .isEqualTo("[http://[::1]:2379, http://[::2]:5]");
        assertThat(urls(Map.of("hosts", "a", "url", "https://u:p@c")))
                .isEqualTo("[https://c:2379]");
        assertThat(of(Map.of("hosts", "a", "srv", "example.org")).srvDomain())
                .contains("example.org");
        assertThat(of(Map.of("discovery_srv", "example.org")).endpoints()).isEmpty();
    }

    @Test
    void discovery() {
        assertThat(of(Map.of("host", "a")).discover()).isTrue();
        assertThat(of(Map.of("host", "a", "use_proxies", "on")).discover()).isFalse();
        assertThat(of(Map.of("proxy", "http://p:80")).discover()).isFalse();
        assertThat(urls(Map.of("proxy", "http://p:80", "host", "a"))).isEqualTo("[http://p:80]");
    }

    @Test
    void aUrlReplacesTheUser() {
        assertThat(of(Map.of("host", "a", "username", "u", "password", "p")).credentials())
                .contains(new EtcdSettings.Credentials("u", "p"));
        assertThat(
                        of(Map.of("url", "http://x:y@a", "username", "u", "password", "p"))
                                .credentials())
                .contains(new EtcdSettings.Credentials("x", "y"));
        assertThat(of(Map.of("url", "http://a", "username", "u", "password", "p")).credentials())
                .isEmpty();
    }

    @Test
    void whatCannotWorkIsSaidWithoutSecrets() {
        wrong(Map.of("ttl", 30), "host, hosts, url, proxy or srv");
        wrong(Map.of("host", "a", "username", "u"), "username and password");
        wrong(Map.of("host", "a", "protocol", "ftp"), "etcd3.protocol");
        wrong(Map.of("host", "a", "key", "k.pem"), "cert");
        assertThatThrownBy(() -> of(Map.of("url", "http://u:secret@b c")))
                .isInstanceOf(DcsException.Misconfigured.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }

    private static void wrong(Map<String, Object> values, String says) {
        assertThatThrownBy(() -> of(values))
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining(says);
    }

    @Test
    void serviceRecords() {
        assertThat(SrvLookup.names("example.org", Optional.of("blue")))
                .startsWith(
                        "_etcd-client-ssl-blue._tcp.example.org",
                        "_etcd-client-blue._tcp.example.org")
                .hasSize(6)
                .endsWith("_etcd-server-blue._tcp.example.org");
        assertThat(SrvLookup.endpoint("0 5 2379 db1.example.org.", true))
                .isEqualTo(new Endpoint(true, "db1.example.org", 2379));
        assertThat(
                        PeerMembers.parse(
                                "[{\"id\":1,\"peerURLs\":[\"http://a:2380\"],\"name\":\"m\","
                                        + "\"clientURLs\":[\"http://a:2379\",\"https://b:9\"]}]"))
                .containsExactly(new Endpoint(false, "a", 2379), new Endpoint(true, "b", 9));
    }

    @Test
    void theOldKeySpaceIsInUseOnlyWithValues() {
        assertThat(OldKeySpace.judge(404, "404 page not found"))
                .isEqualTo(OldKeySpace.Answer.EMPTY);
        assertThat(OldKeySpace.judge(200, "{\"node\":{\"dir\":true,\"nodes\":[]}}"))
                .isEqualTo(OldKeySpace.Answer.EMPTY);
        assertThat(OldKeySpace.judge(200, "{\"node\":{\"nodes\":[{\"value\":\"x\"}]}}"))
                .isEqualTo(OldKeySpace.Answer.IN_USE);
        assertThat(OldKeySpace.judge(500, "")).isEqualTo(OldKeySpace.Answer.UNKNOWN);
    }

    private static Optional<Section> rerouted(Map<String, Object> values) {
        return new EtcdProvider()
                .rerouted(
                        new Section("etcd3", values),
                        server -> new InetSocketAddress("127.0.0.1", server.getPort() + 1));
    }

    @Test
    void proxiesTakeThePlaceOfTheServersAndNothingElseIsAsked() {
        Section section =
                rerouted(
                                Map.of(
                                        "hosts", "localhost:7,localhost:8",
                                        "username", "u",
                                        "password", "p"))
                        .orElseThrow();
        EtcdSettings settings = EtcdSettings.of(section);
        assertThat(settings.endpoints())
                .extracting(Endpoint::url)
                .containsExactly("http://127.0.0.1:8", "http://127.0.0.1:9");
        assertThat(settings.discover()).isFalse();
        assertThat(settings.credentials()).contains(new EtcdSettings.Credentials("u", "p"));
        assertThat(rerouted(Map.of("hosts", "localhost", "protocol", "https"))).isEmpty();
        assertThat(rerouted(Map.of("srv", "example.org"))).isEmpty();
    }
}
