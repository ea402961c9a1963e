package io.matriarch.dcs.consul;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on one real server of the release that Debian 11 ships. */
@Tag("long")
class OldConsulConformanceTest extends ConsulKit {
    private static Stores stores;

    @BeforeAll
    static void start() {
        stores = Stores.start(ConsulBinary.DEBIAN, 1);
    }

    @AfterAll
    static void stop() {
        Stores.close(stores);
    }

    @Override
    protected String reportName() {
        return "consul-1.8";
    }

    @Override
    Stores stores() {
        return stores;
    }
}
