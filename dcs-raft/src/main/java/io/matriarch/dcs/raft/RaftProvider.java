package io.matriarch.dcs.raft;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.UnaryOperator;

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

    /**
     * A client of all members, whoever the section belongs to: what members say to each other stays
     * as it is. They keep their names, also in certificates, and are reached elsewhere.
     */
    @Override
    public Optional<Section> rerouted(Section section, UnaryOperator<InetSocketAddress> way) {
        RaftSettings settings = RaftSettings.of(section);
        return Optional.of(
                section.with("self_addr", "")
                        .with("witness", false)
                        .with(
                                "partner_addrs",
                                settings.members().stream().map(Address::toString).toList())
                        .with("routes", settings.rerouted(way)));
    }
}
