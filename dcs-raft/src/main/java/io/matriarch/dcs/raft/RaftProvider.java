package io.matriarch.dcs.raft;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;

/**
 * Opens the embedded store for the section {@code raft}.
 *
 * <p>A member of the store runs in this process if the section has {@code self_addr} and the
 * configuration names a member, or if the section says {@code witness}. Without either, what is
 * opened is a client of the members that the section names.
 */
public final class RaftProvider implements DcsProvider {
    static final String NAME = "raft";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Dcs open(DcsConfig config, DcsListener listener) {
        return RaftDcs.open(config, listener);
    }
}
