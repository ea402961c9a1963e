package io.matriarch.dcs.consul;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;

/** Opens Consul for the section {@code consul}. */
public final class ConsulProvider implements DcsProvider {
    static final String NAME = "consul";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Dcs open(DcsConfig config, DcsListener listener) {
        return ConsulDcs.open(config, listener);
    }
}
