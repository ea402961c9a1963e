package io.matriarch.conformance;

import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;

/** A plug-in for the reference store that has one fault. */
record BrokenProvider(String name, Planted planted, MemoryStore store) implements DcsProvider {
    @Override
    public Dcs open(DcsConfig config, DcsListener listener) {
        return planted.fault().client().apply(new Site(config, listener, store));
    }
}
