package com.example.matriarch.store;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Opens the store for the section {@code store}. */
public final class StoreProvider implements DcsProvider {
    static final String NAME = "store";

    @Override
    public String name() {
        return NAME;
    }

    /** Checks the settings and starts what runs in the background; waits for nothing. */
    @Override
    public Dcs open(DcsConfig config, DcsListener listener) {
        return new StoreDcs(config, StoreSettings.of(config.section()));
    }

    /** Lets {@code matriarch conformance} put a proxy before each server. */
    @Override
    public Optional<Section> rerouted(Section section, UnaryOperator<InetSocketAddress> way) {
        String hosts =
                StoreSettings.of(section).servers().stream()
                        .map(server -> new InetSocketAddress(server.host(), server.port()))
                        .map(way)
                        .map(to -> to.getHostString() + ":" + to.getPort())
                        .reduce((one, other) -> one + "," + other)
                        .orElseThrow();
        return Optional.of(new Section(section.name(), Map.of("hosts", hosts)));
    }
}
