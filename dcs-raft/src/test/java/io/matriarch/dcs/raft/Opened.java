package io.matriarch.dcs.raft;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.Optional;

/** Opens the backend as a daemon does, with short times. */
final class Opened {
    /** A lease that lasts as long as the shortest that is configured in earnest. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private Opened() {}

    static Dcs client(Section section, Optional<String> name, DcsListener listener) {
        return client(section, name, listener, Duration.ofSeconds(6));
    }

    private static Dcs client(
            Section section, Optional<String> name, DcsListener listener, Duration ttl) {
        return Opening.open(new RaftProvider(), section, name, Opening.settings(ttl), listener);
    }

    static Dcs member(Section section, String name) {
        return client(section, Optional.of(name), hint -> {});
    }

    static Dcs patientMember(Section section, String name) {
        return client(section, Optional.of(name), hint -> {}, PATIENCE);
    }
}
