package io.matriarch.dcs.raft;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.Optional;

/** Opens the backend as a daemon does, with short times. */
final class Opened {
    static final Scope SCOPE = new Scope("/service/", "batman");
    static final Ticker TICKER = Ticker.system();

    /** A lease that lasts as long as the shortest that is configured in earnest. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private Opened() {}

    static Dcs client(Section section, Optional<String> name, DcsListener listener) {
        return client(section, name, listener, Duration.ofSeconds(6));
    }

    private static Dcs client(
            Section section, Optional<String> name, DcsListener listener, Duration ttl) {
        DcsSettings settings = new DcsSettings(ttl, Duration.ofSeconds(2), Duration.ofSeconds(2));
        return new RaftProvider()
                .open(new DcsConfig(SCOPE, name, section, settings, TICKER), listener);
    }

    static Dcs member(Section section, String name) {
        return client(section, Optional.of(name), hint -> {});
    }

    static Dcs patientMember(Section section, String name) {
        return client(section, Optional.of(name), hint -> {}, PATIENCE);
    }

    static Deadline within(double seconds) {
        return Deadline.after(TICKER, Duration.ofMillis((long) (seconds * 1000)));
    }
}
