package io.matriarch.dcs.consul;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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
            ConsulServers open = ConsulServers.start(which, count);
            try {
                return new Stores(
                        open,
                        ConsulServers.start(
                                which, 1, AccessRules.CONFIGURATION, AccessRules.MANAGER));
            } catch (RuntimeException e) {
                open.close();
                throw e;
            }
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

    /** Half of it is the ttl of a session, which the servers of the tests grant. */
    @Override
    protected Duration historyTtl() {
        return Duration.ofSeconds(2);
    }

    @Override
    protected Optional<String> storeVersion() {
        return Optional.of(stores().open().version());
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
