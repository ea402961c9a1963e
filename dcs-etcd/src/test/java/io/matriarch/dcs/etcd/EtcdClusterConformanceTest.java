package io.matriarch.dcs.etcd;

import io.matriarch.conformance.StoreControl;
import io.matriarch.conformance.ThreeServersConformance;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on three etcd servers, of which one is in trouble. */
@Tag("real")
class EtcdClusterConformanceTest extends ThreeServersConformance {
    private static EtcdCluster etcd;

    @BeforeAll
    static void start() {
        EtcdCluster.assumeInstalled("etcdctl");
        // A server that comes back must not call an election, which gives leases their time anew.
        etcd = EtcdCluster.start(3, "--pre-vote");
        etcd.awaitQuorum();
    }

    @AfterAll
    static void stop() {
        if (etcd != null) {
            etcd.close();
        }
    }

    @Override
    protected Servers servers() {
        return etcd;
    }

    @Override
    protected String reportName() {
        return "etcd3-cluster";
    }

    @Override
    protected Optional<String> storeVersion() {
        return Optional.of(etcd.version());
    }

    @Override
    protected DcsProvider provider() {
        return new EtcdProvider();
    }

    @Override
    protected Section section() {
        return EtcdControl.section(etcd.hosts());
    }

    @Override
    protected StoreControl control() {
        return new EtcdControl(etcd, Optional.empty(), this::offered);
    }
}
