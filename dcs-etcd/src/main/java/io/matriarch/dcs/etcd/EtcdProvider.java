package io.matriarch.dcs.etcd;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Opens etcd v3 for the section {@code etcd3}, and for {@code etcd} as its alias. What is stored
 * under the alias is etcd v3 all the same; the key space of etcd v2 is only looked at, so that two
 * halves of a cluster never lead on two key spaces.
 */
public final class EtcdProvider implements DcsProvider {
    static final String NAME = "etcd3";
    static final String ALIAS = "etcd";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> aliases() {
        return Set.of(ALIAS);
    }

    @Override
    public Dcs open(DcsConfig config, DcsListener listener) {
        return EtcdDcs.open(config, listener);
    }

    @Override
    public Optional<Section> rerouted(Section section, UnaryOperator<InetSocketAddress> way) {
        return EtcdSettings.of(section).rerouted(section.name(), way);
    }
}
