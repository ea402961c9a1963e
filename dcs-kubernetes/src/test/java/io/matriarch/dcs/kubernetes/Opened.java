package io.matriarch.dcs.kubernetes;

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

    /** A section with what every test wants, and more. */
    static Map<String, Object> section(Map<String, Object> more) {
        Map<String, Object> section = new HashMap<>(more);
        section.putIfAbsent("labels", Map.of("application", "patroni"));
        return section;
    }

    static Dcs open(
            Surroundings around,
            Map<String, Object> section,
            Optional<String> name,
            DcsListener listener) {
        DcsSettings settings =
                new DcsSettings(
                        Duration.ofSeconds(6), Duration.ofSeconds(2), Duration.ofSeconds(2));
        return new KubernetesProvider(around)
                .open(
                        new DcsConfig(
                                SCOPE,
                                name,
                                new Section(KubernetesProvider.NAME, section(section)),
                                settings,
                                TICKER),
                        listener);
    }

    static Deadline within(double seconds) {
        return Deadline.after(TICKER, Duration.ofMillis((long) (seconds * 1000)));
    }

    static MemberEntry me(String name, String text, String role, String state) {
        return new MemberEntry(name, Value.of(text), role, state);
    }
}
