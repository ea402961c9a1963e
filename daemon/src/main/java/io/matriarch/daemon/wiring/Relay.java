package io.matriarch.daemon.wiring;

import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.shell.HaMember;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.EntryKind;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Passes events on to a member that is made later than their sources. What comes before is dropped:
 * a member looks at everything when it starts.
 */
final class Relay implements DcsListener, PostgresPort.EventListener {
    private final AtomicReference<Optional<HaMember>> member =
            new AtomicReference<>(Optional.empty());

    void bind(HaMember made) {
        member.set(Optional.of(made));
    }

    @Override
    public void changed(Set<EntryKind> hint) {
        member.get().ifPresent(bound -> bound.changed(hint));
    }

    @Override
    public void changed(String why) {
        member.get().ifPresent(bound -> bound.changed(why));
    }
}
