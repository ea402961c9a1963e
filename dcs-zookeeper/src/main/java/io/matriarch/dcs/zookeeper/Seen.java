package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.EntryKind;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The entries as this instance saw or wrote them last. That may have been long ago: good for a
 * guess that the store checks. Safe for use by any thread.
 */
final class Seen {
    private final Map<EntryKind, Stored> entries = new ConcurrentHashMap<>();

    void saw(EntryKind kind, Stored stored) {
        entries.put(kind, stored);
    }

    Optional<Stored> of(EntryKind kind) {
        return Optional.ofNullable(entries.get(kind));
    }
}
