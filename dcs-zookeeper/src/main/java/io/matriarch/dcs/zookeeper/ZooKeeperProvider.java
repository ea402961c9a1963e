package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Opens ZooKeeper for the section {@code zookeeper}. The section {@code exhibitor} is known only to
 * say what to write instead: Exhibitor is no longer maintained, and Curator dropped it.
 */
public final class ZooKeeperProvider implements DcsProvider {
    static final String NAME = "zookeeper";
    static final String EXHIBITOR = "exhibitor";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> aliases() {
        return Set.of(EXHIBITOR);
    }

    @Override
    public Dcs open(DcsConfig config, DcsListener listener) {
        refuseExhibitor(config.section());
        return ZooKeeperDcs.open(config, listener);
    }

    private static void refuseExhibitor(Section section) {
        if (section.name().equals(EXHIBITOR)) {
            throw new DcsException.Misconfigured(
                    "Exhibitor is not supported; name the ZooKeeper servers themselves in a section"
                            + " zookeeper with the key hosts");
        }
    }

    @Override
    public Optional<Section> rerouted(Section section, UnaryOperator<InetSocketAddress> way) {
        refuseExhibitor(section);
        return ZooKeeperSettings.of(section)
                .rerouted(way)
                .map(hosts -> section.with("hosts", hosts));
    }
}
