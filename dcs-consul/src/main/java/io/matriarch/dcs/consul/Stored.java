package io.matriarch.dcs.consul;

import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Version;
import java.util.Optional;

/**
 * A key as Consul holds it.
 *
 * @param text the value
 * @param index the raft index of the last write, {@code ModifyIndex}; unsigned
 * @param session the session that holds its lock
 */
record Stored(String text, long index, Optional<String> session) {
    Entry entry(EntryKind kind) {
        return new Entry(kind, text, version(index), session);
    }

    static Version version(long index) {
        return new Version(Long.toUnsignedString(index));
    }

    /** What a deletion of that index left. No key carries it, because theirs are numbers only. */
    static Version deleted(long index) {
        return new Version(Long.toUnsignedString(index) + "-deleted");
    }

    /** Empty for a token of another kind, which can never match. */
    static Optional<Long> index(Version version) {
        try {
            return Optional.of(Long.parseUnsignedLong(version.token()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    boolean heldBy(String wanted) {
        return session.filter(wanted::equals).isPresent();
    }
}
