package com.example.matriarch.store;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.util.Map;

/** The whole kit. Add {@code control()} to let it stop, freeze and cut the store. */
class StoreConformanceTest extends DcsConformance {
    @Override
    protected DcsProvider provider() {
        return new StoreProvider();
    }

    @Override
    protected Section section() {
        return new Section(
                StoreProvider.NAME,
                Map.of("hosts", System.getProperty("store.hosts", "127.0.0.1:7000")));
    }
}
