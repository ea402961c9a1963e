package io.matriarch.dcs.consul;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.UnaryOperator;

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

    @Override
    public Optional<Section> rerouted(Section section, UnaryOperator<InetSocketAddress> way) {
        return ConsulSettings.of(section)
                .rerouted(way)
                .map(agent -> section.with("url", agent.toString()));
    }
}
