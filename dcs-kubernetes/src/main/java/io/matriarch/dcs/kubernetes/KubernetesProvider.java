package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Opens the Kubernetes API as a store for the section {@code kubernetes}. */
public final class KubernetesProvider implements DcsProvider {
    static final String NAME = "kubernetes";

    private final Surroundings surroundings;

    /** Finds the API server as a process in a Pod, or as kubectl does. */
    public KubernetesProvider() {
        this(Surroundings.ofThisProcess());
    }

    KubernetesProvider(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Dcs open(DcsConfig config, DcsListener listener) {
        return KubernetesDcs.open(config, surroundings, listener);
    }

    /**
     * The one address that the service account or the kubeconfig file gives is replaced, and no API
     * server is looked for behind it. The certificate must still be of the right authority, but it
     * need not name the other way; an API that a load balancer finds by its name is not found so.
     */
    @Override
    public Optional<Section> rerouted(Section section, UnaryOperator<InetSocketAddress> way) {
        KubernetesSettings settings = KubernetesSettings.of(section);
        HostAndPort server =
                settings.apiServer()
                        .orElseGet(
                                () ->
                                        HostAndPort.of(
                                                URI.create(
                                                        new Access(settings, surroundings)
                                                                .config()
                                                                .getMasterUrl())));
        HostAndPort other = HostAndPort.of(way.apply(server.address()));
        return Optional.of(
                section.with("api_server", other.toString()).with("bypass_api_service", false));
    }
}
