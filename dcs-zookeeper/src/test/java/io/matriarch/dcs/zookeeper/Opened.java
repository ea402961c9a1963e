package io.matriarch.dcs.zookeeper;

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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Opens the backend as a daemon does, with short times. */
final class Opened {
    static final Scope SCOPE = new Scope("/service/", "batman");
    static final Ticker TICKER = Ticker.system();

    private Opened() {}

    static Dcs member(String hosts, String name, DcsListener listener) {
        return member(Map.of("hosts", hosts), name, Duration.ofSeconds(6), listener);
    }

    static Dcs member(
            Map<String, Object> section, String name, Duration ttl, DcsListener listener) {
        return open("zookeeper", section, Optional.of(name), ttl, listener);
    }

    static Dcs open(
            String sectionName,
            Map<String, Object> section,
            Optional<String> name,
            Duration ttl,
            DcsListener listener) {
        return open(
                sectionName,
                section,
                name,
                new DcsSettings(ttl, Duration.ofSeconds(2), Duration.ofSeconds(2)),
                listener);
    }

    static Dcs open(
            String sectionName,
            Map<String, Object> section,
            Optional<String> name,
            DcsSettings settings,
            DcsListener listener) {
        return new ZooKeeperProvider()
                .open(
                        new DcsConfig(
                                SCOPE,
                                name,
                                new Section(sectionName, new HashMap<>(section)),
                                settings,
                                TICKER),
                        listener);
    }

    static Deadline within(double seconds) {
        return Deadline.after(TICKER, Duration.ofMillis((long) (seconds * 1000)));
    }

    static MemberEntry me(String name, String text) {
        return new MemberEntry(name, Value.of(text), "replica", "running");
    }
}
