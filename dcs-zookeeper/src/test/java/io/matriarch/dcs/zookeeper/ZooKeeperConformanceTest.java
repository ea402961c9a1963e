package io.matriarch.dcs.zookeeper;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on one real ZooKeeper server. */
@Tag("real")
class ZooKeeperConformanceTest extends DcsConformance {
    private static Ensemble ensemble;

    @BeforeAll
    static void start() {
        ensemble = Ensemble.start(1);
    }

    @AfterAll
    static void stop() {
        if (ensemble != null) {
            ensemble.close();
        }
    }

    /** A renewal is two requests, which the slowest link of the kit delays by a ttl and more. */
    @Override
    protected Duration timeout() {
        return Duration.ofSeconds(5);
    }

    @Override
    protected DcsProvider provider() {
        return new ZooKeeperProvider();
    }

    @Override
    protected Section section() {
        return EnsembleControl.section(ensemble.hosts());
    }

    @Override
    protected StoreControl control() {
        return new EnsembleControl(ensemble, Optional.empty(), () -> true);
    }
}
