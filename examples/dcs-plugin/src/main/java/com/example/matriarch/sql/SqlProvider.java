package com.example.matriarch.sql;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;

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
}
