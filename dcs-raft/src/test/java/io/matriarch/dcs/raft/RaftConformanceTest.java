package io.matriarch.dcs.raft;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.ratis.server.RaftServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on three members, each a process of its own, that know a password. */
@Tag("real")
class RaftConformanceTest extends DcsConformance {
    private static final Map<String, String> SETTINGS = Map.of("password", "a long one for tests");

    private static RaftCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RaftCluster.start(3, SETTINGS);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Elections are short here, so leases may be. */
    @Override
    protected Duration ttl() {
        return Duration.ofSeconds(2);
    }

    /** All clients of a process share two threads for their TLS, meant for one client. */
    @Override
    protected int historiesTogether() {
        return 4;
    }

    @Override
    protected Optional<String> storeVersion() {
        return Optional.ofNullable(RaftServer.class.getPackage().getImplementationVersion())
                .map("Apache Ratis "::concat);
    }

    @Override
    protected DcsProvider provider() {
        return new RaftProvider();
    }

    @Override
    protected Section section() {
        return cluster.section();
    }

    @Override
    protected StoreControl control() {
        return new RaftControl(cluster, SETTINGS, () -> true);
    }
}
