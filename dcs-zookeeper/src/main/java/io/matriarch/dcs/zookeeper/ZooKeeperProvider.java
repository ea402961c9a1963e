package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import java.util.Set;

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
        if (config.section().name().equals(EXHIBITOR)) {
            throw new DcsException.Misconfigured(
                    "Exhibitor is not supported; name the ZooKeeper servers themselves in a section"
                            + " zookeeper with the key hosts");
        }
        return ZooKeeperDcs.open(config, listener);
    }
}
