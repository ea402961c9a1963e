package io.matriarch.dcs.kubernetes;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Section;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Opens the backend as a daemon does, with short times. */
final class Opened {
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
        return Opening.open(
                new KubernetesProvider(around),
                new Section(KubernetesProvider.NAME, section(section)),
                name,
                Opening.settings(Duration.ofSeconds(6)),
                listener);
    }

    static MemberEntry me(String name, String text, String role, String state) {
        return new MemberEntry(name, Value.of(text), role, state);
    }
}
