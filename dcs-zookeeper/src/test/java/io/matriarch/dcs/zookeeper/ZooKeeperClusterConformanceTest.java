package io.matriarch.dcs.zookeeper;

import io.matriarch.conformance.StoreControl;
import io.matriarch.conformance.ThreeServersConformance;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on three ZooKeeper servers, of which one is in trouble. */
@Tag("long")
class ZooKeeperClusterConformanceTest extends ThreeServersConformance {
    private static Ensemble ensemble;

    @BeforeAll
    static void start() {
        ensemble = Ensemble.start(3);
    }

    @AfterAll
    static void stop() {
        if (ensemble != null) {
            ensemble.close();
        }
    }

    @Override
    protected Servers servers() {
        return ensemble;
    }

    @Override
    protected String reportName() {
        return "zookeeper-cluster";
    }

    @Override
    protected Optional<String> storeVersion() {
        return Optional.of(ensemble.version());
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
        return new EnsembleControl(ensemble, Optional.empty(), this::offered);
    }
}
