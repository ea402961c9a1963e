package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;

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
}
