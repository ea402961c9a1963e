package io.matriarch.dcs.etcd;

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

/** The contract on one real etcd server. */
@Tag("real")
class EtcdConformanceTest extends DcsConformance {
    private static EtcdCluster etcd;
    private static EtcdCluster withUsers;

    @BeforeAll
    static void start() {
        EtcdCluster.assumeInstalled("etcdctl");
        etcd = EtcdCluster.start(1);
        withUsers = EtcdCluster.start(1);
        withUsers.enableUsers("right");
    }

    @AfterAll
    static void stop() {
        if (withUsers != null) {
            withUsers.close();
        }
        if (etcd != null) {
            etcd.close();
        }
    }

    /** A renewal is two requests, which the slowest link of the kit delays by a ttl and more. */
    @Override
    protected Duration timeout() {
        return Duration.ofSeconds(5);
    }

    /** The shortest that etcd grants. */
    @Override
    protected Duration historyTtl() {
        return Duration.ofSeconds(2);
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
        Section rejected =
                new Section(
                        "etcd3",
                        Map.of(
                                "hosts",
                                withUsers.hosts(),
                                "username",
                                "root",
                                "password",
                                "wrong"));
        return new EtcdControl(etcd, Optional.of(rejected), offered -> offered);
    }
}
