package io.matriarch.dcs.consul;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on one real server, of the current release if one is at hand. */
@Tag("real")
class ConsulConformanceTest extends ConsulKit {
    private static Stores stores;

    @BeforeAll
    static void start() {
        stores = Stores.start(ConsulBinary.newest(), 1);
    }

    @AfterAll
    static void stop() {
        Stores.close(stores);
    }

    @Override
    Stores stores() {
        return stores;
    }
}
