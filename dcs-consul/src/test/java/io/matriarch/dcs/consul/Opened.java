package io.matriarch.dcs.consul;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Opens the backend as a daemon does, with short times. */
final class Opened {
    static final Scope SCOPE = new Scope("/service/", "batman");
    static final Ticker TICKER = Ticker.system();
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
        return open(section, name, ttl, listener, TICKER);
    }

    static Dcs open(
            Map<String, Object> section,
            Optional<String> name,
            Duration ttl,
            DcsListener listener,
            Ticker ticker) {
        DcsSettings settings = new DcsSettings(ttl, Duration.ofSeconds(2), Duration.ofSeconds(2));
        return new ConsulProvider()
                .open(
                        new DcsConfig(
                                SCOPE, name, new Section("consul", section), settings, ticker),
                        listener);
    }

    static Deadline within(double seconds) {
        return Deadline.after(TICKER, Duration.ofMillis((long) (seconds * 1000)));
    }

    static MemberEntry me(String name, String text) {
        return new MemberEntry(name, Value.of(text), "replica", "running");
    }
}
