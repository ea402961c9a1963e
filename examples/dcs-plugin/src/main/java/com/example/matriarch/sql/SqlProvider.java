package com.example.matriarch.sql;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Opens a database for the section {@code sql}. */
public final class SqlProvider implements DcsProvider {
    @Override
    public String name() {
        return "sql";
    }

    @Override
    public Dcs open(DcsConfig config, DcsListener listener) {
        return SqlDcs.open(config, listener);
    }

    @Override
    public Optional<Section> rerouted(Section section, UnaryOperator<InetSocketAddress> way) {
        return SqlSettings.rerouted(section, way);
    }
}
