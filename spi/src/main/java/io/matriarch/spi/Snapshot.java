package io.matriarch.spi;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One consistent view of a scope (rules R1 to R5). Immutable.
 *
 * @param entries at most one entry of each kind except {@link EntryKind#MEMBER}
 * @param members member name to entry, sorted by name
 * @param sentAt monotonic nanoseconds, on the clock given to the backend, before the read was sent
 */
public record Snapshot(
        Map<EntryKind, Entry> entries, SortedMap<String, Entry> members, long sentAt) {
    public Snapshot {
        entries = Map.copyOf(entries);
        members = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(members));
        if (entries.containsKey(EntryKind.MEMBER)) {
            throw new IllegalArgumentException("members have a map of their own");
        }
    }

    /** A scope that holds nothing. */
    public static Snapshot empty(long sentAt) {
        return new Snapshot(Map.of(), new TreeMap<>(), sentAt);
    }

    public Optional<Entry> entry(EntryKind kind) {
        return Optional.ofNullable(entries.get(Objects.requireNonNull(kind)));
    }

    /** The name in the leader record, if the lease is taken. */
    public Optional<String> leader() {
        return entry(EntryKind.LEADER).map(Entry::text).filter(name -> !name.isEmpty());
    }
}
