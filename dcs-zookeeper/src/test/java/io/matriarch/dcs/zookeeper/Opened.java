package io.matriarch.dcs.zookeeper;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The backend as a daemon opens it, with short times. */
final class Opened {
    private Opened() {}

    static Dcs member(String hosts, String name, DcsListener listener) {
        return member(Map.of("hosts", hosts), name, Duration.ofSeconds(6), listener);
    }

    static Dcs member(
            Map<String, Object> section, String name, Duration ttl, DcsListener listener) {
        return open("zookeeper", section, Optional.of(name), Opening.settings(ttl), listener);
    }

    static Dcs open(
            String sectionName,
            Map<String, Object> section,
            Optional<String> name,
            DcsSettings settings,
            DcsListener listener) {
        return Opening.open(
                new ZooKeeperProvider(),
                new Section(sectionName, section),
                name,
                settings,
                listener);
    }
}
