package io.matriarch.dcs.consul;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Opens the backend as a daemon does, with short times. */
final class Opened {
    static final DcsListener NOBODY = hint -> {};

    private Opened() {}

    static Dcs member(ConsulServers consul, String name) {
        return member(Map.of("host", consul.host(0)), name, Duration.ofSeconds(6));
    }

    static Dcs member(Map<String, Object> section, String name, Duration ttl) {
        return open(section, Optional.of(name), ttl, NOBODY);
    }

    static Dcs reader(Map<String, Object> section) {
        return open(section, Optional.empty(), Duration.ofSeconds(6), NOBODY);
    }

    static Dcs open(
            Map<String, Object> section,
            Optional<String> name,
            Duration ttl,
            DcsListener listener) {
        return open(section, name, ttl, listener, Opening.TICKER);
    }

    static Dcs open(
            Map<String, Object> section,
            Optional<String> name,
            Duration ttl,
            DcsListener listener,
            Ticker ticker) {
        return new ConsulProvider()
                .open(
                        new DcsConfig(
                                Opening.SCOPE,
                                name,
                                new Section("consul", section),
                                Opening.settings(ttl),
                                ticker),
                        listener);
    }
}
