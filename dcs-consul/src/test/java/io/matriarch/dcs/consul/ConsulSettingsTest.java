package io.matriarch.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The section of the YAML, and the small grammars of Consul's API. */
class ConsulSettingsTest {
    private static ConsulSettings of(Map<String, Object> values) {
        return ConsulSettings.of(new Section("consul", values));
    }

    private static String agent(Map<String, Object> values) {
        return of(values).agent().toString();
    }

    @Test
    void theProviderIsFound() {
        List<String> names =
                ServiceLoader.load(DcsProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .map(DcsProvider::name)
                        .toList();
        assertThat(names).containsExactly("consul");
    }

    @Test
    void addresses() {
        assertThat(agent(Map.of())).isEqualTo("http://127.0.0.1:8500");
        assertThat(agent(Map.of("host", "c1"))).isEqualTo("http://c1:8500");
        assertThat(agent(Map.of("host", "c1:1", "port", 7, "scheme", "https")))
                .isEqualTo("https://c1:1");
        assertThat(agent(Map.of("host", "::1", "port", "7"))).isEqualTo("http://[::1]:7");
        assertThat(agent(Map.of("host", "c1", "url", "https://c2:9"))).isEqualTo("https://c2:9");
        assertThat(agent(Map.of("url", "http://c2"))).isEqualTo("http://c2:8500");
        assertThat(agent(Map.of("host", "consul_server_1:8501")))
                .isEqualTo("http://consul_server_1:8501");
        assertThat(agent(Map.of("host", "consul_server_1")))
                .isEqualTo("http://consul_server_1:8500");
        wrong(Map.of("host", "consul server"), "write host:port");
        wrong(Map.of("host", "consul_server:http"), "write host:port");
    }

    @Test
    void certificates() {
        assertThat(of(Map.of()).tls().verify()).isTrue();
        assertThat(of(Map.of("verify", "off")).tls().verify()).isFalse();
        assertThat(of(Map.of("verify", false, "cacert", "ca.pem")).tls().verify()).isTrue();
    }

    @Test
    void consistency() {
        assertThat(of(Map.of()).access().consistency())
                .isEqualTo(ConsulSettings.Consistency.DEFAULT);
        assertThat(of(Map.of("consistency", "stale")).access().consistency())
                .isEqualTo(ConsulSettings.Consistency.STALE);
    }

    @Test
    void registrationAndChecks() {
        assertThat(of(Map.of("service_tags", "a")).registration()).isEmpty();
        assertThat(
                        of(Map.of("register_service", "on", "service_tags", List.of("a", "b")))
                                .registration()
                                .orElseThrow())
                .matches(r -> r.interval().equals("5s") && r.tags().equals(List.of("a", "b")));
        assertThat(of(Map.of("checks", "serfHealth,service:x")).checks())
                .containsExactly("serfHealth", "service:x");
    }

    @Test
    void whatCannotWorkIsSaidWithoutSecrets() {
        wrong(Map.of("scheme", "ftp"), "consul.scheme");
        wrong(Map.of("consistency", "eventual"), "default, consistent or stale");
        wrong(Map.of("key", "k.pem"), "cert");
        wrong(Map.of("host", "a b"), "not an address");
        assertThatThrownBy(() -> of(Map.of("url", "http://u:secret@b c")))
                .isInstanceOf(DcsException.Misconfigured.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
        assertThat(of(Map.of("token", "secret")).toString()).doesNotContain("secret");
    }

    private static void wrong(Map<String, Object> values, String says) {
        assertThatThrownBy(() -> of(values))
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining(says);
    }

    @Test
    void theLimitOfSessionsIsRead() {
        String message = "Invalid Session TTL '1', must be between [%s=24h0m0s]";
        assertThat(SmallestTtl.in(message.formatted("10s"))).contains(Duration.ofSeconds(10));
        assertThat(SmallestTtl.in(message.formatted("1m30s"))).contains(Duration.ofSeconds(90));
        assertThat(SmallestTtl.in(message.formatted("500ms"))).contains(Duration.ofMillis(500));
        assertThat(SmallestTtl.in("Invalid Session TTL")).isEmpty();
    }

    @Test
    void sessionTimesHaveTheFormOfThePeer() {
        assertThat(Session.text(Duration.ofSeconds(15))).isEqualTo("15.0s");
        assertThat(Session.text(Duration.ofMillis(12_500))).isEqualTo("12.5s");
        assertThat(Session.text(Duration.ofSeconds(100))).isEqualTo("100.0s");
    }

    @Test
    void serviceNames() {
        assertThat(ServiceRecord.serviceName("My_Cluster.1 x")).isEqualTo("my-cluster-1-x");
        assertThat(ServiceRecord.serviceName("ä:b")).isEqualTo("u0228u0058b");
        assertThat(ServiceRecord.serviceName("x".repeat(300))).hasSize(230);
    }

    @Test
    void namesInPathsAreEncoded() {
        assertThat(Ask.encodedPath("service/b m/members/a?b%ü"))
                .isEqualTo("service/b%20m/members/a%3Fb%25%C3%BC");
    }

    private static Optional<ConsulSettings> rerouted(Map<String, Object> values) {
        return new ConsulProvider()
                .rerouted(
                        new Section("consul", values),
                        server -> new InetSocketAddress("127.0.0.1", server.getPort() + 1))
                .map(ConsulSettings::of);
    }

    @Test
    void aProxyTakesThePlaceOfTheAgentAndAllElseStays() {
        ConsulSettings plain =
                rerouted(Map.of("host", "192.0.2.1", "token", "secret", "dc", "east"))
                        .orElseThrow();
        assertThat(plain.agent()).hasToString("http://127.0.0.1:8501");
        assertThat(plain.access().token()).contains("secret");
        assertThat(plain.access().datacenter()).contains("east");
        assertThat(rerouted(Map.of("url", "http://[::1]:9", "host", "192.0.2.1")).orElseThrow())
                .hasFieldOrPropertyWithValue("agent", new Address(false, "127.0.0.1", 10));
    }

    @Test
    void aCertificateThatNamesAnotherMachineForbidsTheProxy() {
        assertThat(rerouted(Map.of("url", "https://192.0.2.1:8"))).isEmpty();
        assertThat(rerouted(Map.of("url", "https://192.0.2.1:8", "verify", false)).orElseThrow())
                .hasFieldOrPropertyWithValue("agent", new Address(true, "127.0.0.1", 9));
        assertThat(rerouted(Map.of("url", "https://localhost:8")).orElseThrow())
                .as("the same machine, by the name in its certificate")
                .hasFieldOrPropertyWithValue("agent", new Address(true, "localhost", 9));
    }
}
