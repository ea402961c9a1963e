package io.matriarch.dcs.consul;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.Map;

/** The kit with the times of Consul; a subclass says which servers. */
abstract class ConsulKit extends DcsConformance {
    /** A token that no server knows. */
    private static final String UNKNOWN = "11111111-2222-3333-4444-555555555555";

    /**
     * @param open lets everybody in
     * @param guarded knows the tokens that were made for it only
     */
    record Stores(ConsulServers open, ConsulServers guarded) {
        static Stores start(ConsulBinary which, int count) {
            return new Stores(
                    ConsulServers.start(which, count),
                    ConsulServers.start(which, 1, AccessRules.CONFIGURATION, AccessRules.MANAGER));
        }

        /** Of a start that was skipped there is nothing to close. */
        static void close(Stores stores) {
            if (stores != null) {
                stores.open().close();
                stores.guarded().close();
            }
        }
    }

    abstract Stores stores();

    /** A renewal is two requests, which the slowest link of the kit delays by a ttl and more. */
    @Override
    protected Duration timeout() {
        return Duration.ofSeconds(5);
    }

    @Override
    protected DcsProvider provider() {
        return new ConsulProvider();
    }

    @Override
    protected Section section() {
        return ConsulControl.section(stores().open());
    }

    @Override
    protected StoreControl control() {
        Section bad =
                new Section("consul", Map.of("host", stores().guarded().host(0), "token", UNKNOWN));
        return new ConsulControl(stores().open(), bad);
    }
}
