package io.matriarch.conformance.containers;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.conformance.StoreControl;
import io.matriarch.dcs.etcd.EtcdProvider;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The kit on etcd in a container: {@code -Dconformance.image.etcd=IMAGE}. */
@Tag("real")
class EtcdInContainerTest extends DcsConformance {
    @RegisterExtension
    static final StoreContainer ETCD =
            new StoreContainer(
                    StoreImage.etcd(),
                    new EtcdProvider(),
                    at -> new Section("etcd3", Map.of("hosts", at)));

    /** A renewal is two requests, which the slowest link of the kit delays by a ttl and more. */
    @Override
    protected Duration timeout() {
        return Duration.ofSeconds(5);
    }

    @Override
    protected String reportName() {
        return "etcd3-container";
    }

    @Override
    protected DcsProvider provider() {
        return ETCD.provider();
    }

    @Override
    protected Section section() {
        return ETCD.section();
    }

    @Override
    protected StoreControl control() {
        return ETCD.control();
    }
}
