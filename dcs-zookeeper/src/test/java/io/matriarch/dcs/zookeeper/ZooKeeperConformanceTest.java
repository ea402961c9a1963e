package io.matriarch.dcs.zookeeper;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.Map;
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

    /** Ten ticks of the test's servers. */
    @Override
    protected Duration ttl() {
        return Duration.ofSeconds(2);
    }

    @Override
    protected Optional<String> storeVersion() {
        return Optional.of(ensemble.version());
    }

    /**
     * Servers take any digest, and compare it with ACLs later; a scheme that they lack is refused.
     */
    private static Section rejected() {
        return new Section(
                "zookeeper",
                Map.of("hosts", ensemble.hosts(), "auth_data", Map.of("unheard-of", "me")));
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
        return new EnsembleControl(ensemble, Optional.of(rejected()), offered -> offered);
    }
}
