package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Opens the backend in a Kubernetes namespace for each of the kit's, after making what a cluster
 * would have there: the service account with our published role, and the Pod of the member.
 */
final class TenantProvider implements DcsProvider {
    /** Names that the kit opens while the API server is down: their Pods are made before. */
    private static final List<String> USUAL = List.of("a", "b", "c", "d");

    static final String ADDRESS = "test_address";
    static final String TOKEN = "test_token";

    private final ApiCluster cluster;
    private final boolean endpoints;
    private final Map<String, Tenant> tenants = new ConcurrentHashMap<>();

    TenantProvider(ApiCluster cluster, boolean endpoints) {
        this.cluster = cluster;
        this.endpoints = endpoints;
    }

    /** A section that reaches the API over this address. */
    Section section(String address) {
        return new Section(
                KubernetesProvider.NAME,
                Map.of(ADDRESS, address, "labels", Map.of("application", "patroni")));
    }

    Section badCredentials() {
        return section(cluster.address(0)).with(TOKEN, "not-a-token");
    }

    @Override
    public String name() {
        return KubernetesProvider.NAME;
    }

    @Override
    public Optional<Section> rerouted(Section section, UnaryOperator<InetSocketAddress> way) {
        Tenant any = tenant("rerouted");
        return new KubernetesProvider(
                        any.surroundings(section.text(ADDRESS).orElseThrow(), any.token()))
                .rerouted(section, way);
    }

    static String namespace(String path) {
        return path.replaceAll("^/+|/+$", "").replace('/', '-');
    }

    Tenant tenant(String namespaces) {
        return tenants.computeIfAbsent(
                namespace(namespaces),
                name ->
                        new Tenant(
                                cluster, name, endpoints ? "rbac-endpoints" : "rbac-configmaps"));
    }

    @Override
    public Dcs open(DcsConfig config, DcsListener listener) {
        Tenant tenant = tenant(config.scope().namespace());
        if (config.member().isPresent()) {
            USUAL.forEach(name -> tenant.pod(config.scope().name(), name));
        }
        config.member().ifPresent(name -> tenant.pod(config.scope().name(), name));
        Surroundings around =
                tenant.surroundings(
                        config.section().text(ADDRESS).orElseThrow(),
                        config.section().text(TOKEN).orElse(tenant.token()));
        Section section =
                config.section()
                        .with("namespace", tenant.namespace())
                        .with("use_endpoints", endpoints);
        return new KubernetesProvider(around)
                .open(
                        new DcsConfig(
                                config.scope(),
                                config.member(),
                                section,
                                config.settings(),
                                config.ticker()),
                        listener);
    }
}
