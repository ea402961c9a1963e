package io.matriarch.dcs.consul;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on three real servers through an agent, with two of them gone in its turn. */
@Tag("long")
class ConsulClusterConformanceTest extends ConsulKit {
    private static Stores stores;

    @BeforeAll
    static void start() {
        stores = Stores.start(ConsulBinary.newest(), 3);
    }

    @AfterAll
    static void stop() {
        Stores.close(stores);
    }

    @Override
    protected String reportName() {
        return "consul-cluster";
    }

    @Override
    Stores stores() {
        return stores;
    }
}
