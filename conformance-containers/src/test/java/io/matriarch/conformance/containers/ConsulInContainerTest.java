package io.matriarch.conformance.containers;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.conformance.StoreControl;
import io.matriarch.dcs.consul.ConsulProvider;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The kit on Consul in a container: {@code -Dconformance.image.consul=IMAGE}. */
@Tag("real")
class ConsulInContainerTest extends DcsConformance {
    @RegisterExtension
    static final StoreContainer CONSUL =
            new StoreContainer(
                    StoreImage.consul(),
                    new ConsulProvider(),
                    at -> new Section("consul", Map.of("host", at)));

    /** A renewal is two requests, which the slowest link of the kit delays by a ttl and more. */
    @Override
    protected Duration timeout() {
        return Duration.ofSeconds(5);
    }

    /** Half of it is the ttl of a session. */
    @Override
    protected Duration historyTtl() {
        return Duration.ofSeconds(2);
    }

    @Override
    protected String reportName() {
        return "consul-container";
    }

    @Override
    protected DcsProvider provider() {
        return CONSUL.provider();
    }

    @Override
    protected Section section() {
        return CONSUL.section();
    }

    @Override
    protected StoreControl control() {
        return CONSUL.control();
    }
}
