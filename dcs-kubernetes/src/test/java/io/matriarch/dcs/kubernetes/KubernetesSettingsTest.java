package io.matriarch.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Value;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The section, and what follows from it without a server. */
class KubernetesSettingsTest {
    @TempDir Path folder;

    private static KubernetesSettings settings(Map<String, Object> section) {
        return KubernetesSettings.of(
                new Section("kubernetes", Opened.section(new HashMap<>(section))), "batman");
    }

    private static void misconfigured(Map<String, Object> section, String says) {
        assertThatThrownBy(() -> settings(section))
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining(says);
    }

    @Test
    void defaults() {
        KubernetesSettings settings = settings(Map.of());
        assertThat(settings.namespace()).isEqualTo("default");
        assertThat(settings.objects()).isEqualTo(KubernetesSettings.Objects.CONFIG_MAPS);
        assertThat(settings.scopeLabel()).isEqualTo("cluster-name");
        assertThat(settings.ports())
                .containsExactly(
                        new KubernetesSettings.Port(Optional.empty(), 5432, Optional.empty()));
        assertThat(settings.bypass()).isFalse();
        assertThat(settings.retriable()).isEmpty();
        Names names = new Names(new Scope("/ignored/", "batman"), settings);
        assertThat(names.object(names.leader()))
                .isEqualTo("/api/v1/namespaces/default/configmaps/batman-leader");
        assertThat(names.selector()).isEqualTo("application=patroni,cluster-name=batman");
    }

    @Test
    void everythingSet() {
        KubernetesSettings settings =
                settings(
                        Map.of(
                                "namespace", "db",
                                "labels", Map.of("app", "x", "tier", 1),
                                "scope_label", "cluster",
                                "use_endpoints", "yes",
                                "ports", List.of(Map.of("name", "pg", "port", "5433")),
                                "pod_ip", "10.0.0.1",
                                "retriable_http_codes", "410, 425",
                                "bypass_api_service", true));
        assertThat(settings.ports())
                .containsExactly(
                        new KubernetesSettings.Port(Optional.of("pg"), 5433, Optional.empty()));
        assertThat(settings.retriable()).containsExactly(410, 425);
        assertThat(settings.podIp()).contains("10.0.0.1");
        Names names = new Names(new Scope("", "batman"), settings);
        assertThat(names.object(names.leader()))
                .isEqualTo("/api/v1/namespaces/db/endpoints/batman");
        assertThat(names.selector()).isEqualTo("app=x,cluster=batman,tier=1");
    }

    @Test
    void unusableSettings() {
        misconfigured(Map.of("labels", Map.of()), "kubernetes.labels is missing");
        misconfigured(Map.of("labels", "x"), "kubernetes.labels must be a mapping");
        misconfigured(
                Map.of("ports", List.of(5432)), "kubernetes.ports must be a list of mappings");
        misconfigured(
                Map.of("retriable_http_codes", List.of("x")),
                "kubernetes.retriable_http_codes must be a list of integers");
        misconfigured(Map.of("api_server", "10.0.0.1"), "kubernetes.api_server must be");
        misconfigured(Map.of("api_server", "https://a:1"), "kubernetes.api_server must be");
        assertThatThrownBy(
                        () ->
                                KubernetesSettings.of(
                                        new Section("kubernetes", Opened.section(Map.of())),
                                        "Bat_man"))
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining("Bat_man cannot name Kubernetes objects");
    }

    private static Map<String, Optional<String>> labels(
            Map<String, Object> section, String role, String state, boolean leads) {
        return settings(section)
                .roles()
                .wanted(new MemberEntry("a", Value.of("{}"), role, state), leads);
    }

    @Test
    void roleLabels() {
        assertThat(labels(Map.of(), "primary", "running", true))
                .isEqualTo(Map.of("role", Optional.of("primary")));
        assertThat(labels(Map.of(), "replica", "running", false))
                .isEqualTo(Map.of("role", Optional.of("replica")));
        assertThat(labels(Map.of(), "primary", "running", false))
                .isEqualTo(Map.of("role", Optional.empty()));
        assertThat(labels(Map.of(), "replica", "starting", false))
                .isEqualTo(Map.of("role", Optional.empty()));
        Map<String, Object> custom =
                Map.of(
                        "role_label", "part",
                        "leader_label_value", "lead",
                        "follower_label_value", "follow",
                        "standby_leader_label_value", "standby",
                        "tmp_role_label", "second",
                        "bootstrap_labels", Map.of("fresh", "true"));
        assertThat(labels(custom, "standby_leader", "running", true))
                .isEqualTo(
                        Map.of(
                                "part", Optional.of("standby"),
                                "second", Optional.of("primary"),
                                "fresh", Optional.empty()));
        assertThat(labels(custom, "replica", "running", false))
                .containsEntry("part", Optional.of("follow"))
                .containsEntry("second", Optional.of("replica"));
        assertThat(labels(custom, "uninitialized", "creating replica", false))
                .isEqualTo(
                        Map.of(
                                "part", Optional.empty(),
                                "second", Optional.empty(),
                                "fresh", Optional.of("true")));
    }

    private Section rerouted(String server, Map<String, Object> section) throws IOException {
        Path file = folder.resolve("config");
        Files.writeString(
                file,
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: x, cluster: {server: "%s"}}]
                users: [{name: x, user: {token: x}}]
                contexts: [{name: x, context: {cluster: x, user: x}}]
                current-context: x
                """
                        .formatted(server));
        return new KubernetesProvider(
                        new Surroundings(Map.of("KUBECONFIG", file.toString()), folder, folder))
                .rerouted(
                        new Section("kubernetes", Opened.section(section)),
                        real -> new InetSocketAddress("127.0.0.1", real.getPort() + 1))
                .orElseThrow();
    }

    @Test
    void aProxyTakesThePlaceOfTheApiServerAndNoneIsLookedForBehindIt() throws IOException {
        Section section =
                rerouted(
                        "https://192.0.2.1:6443/clusters/one",
                        Map.of("namespace", "db", "bypass_api_service", true));
        KubernetesSettings settings = KubernetesSettings.of(section);
        assertThat(settings.namespace()).isEqualTo("db");
        assertThat(settings.bypass()).isFalse();
        assertThat(settings.apiServer()).contains(new HostAndPort("127.0.0.1", 6444));
        assertThat(
                        Server.rerouted(
                                URI.create("https://192.0.2.1:6443/clusters/one/"),
                                settings.apiServer().orElseThrow()))
                .isEqualTo(new Server("https://127.0.0.1:6444/clusters/one", false));
        assertThat(KubernetesSettings.of(rerouted("https://[::1]", Map.of())).apiServer())
                .contains(new HostAndPort("127.0.0.1", 444));
        assertThat(
                        KubernetesSettings.of(
                                        rerouted(
                                                "https://192.0.2.1",
                                                Map.of("api_server", "192.0.2.2:7")))
                                .apiServer())
                .contains(new HostAndPort("127.0.0.1", 8));
    }
}
