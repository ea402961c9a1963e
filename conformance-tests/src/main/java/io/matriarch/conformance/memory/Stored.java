package io.matriarch.conformance.memory;

import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Version;
import java.util.Optional;

/**
 * One key's record.
 *
 * @param text the value
 * @param created the revision of the write that created the key; kept while it is overwritten
 * @param modified the revision of the last write
 * @param session the session whose end removes the key, if any
 */
record Stored(String text, long created, long modified, Optional<String> session) {

    Version version() {
        return new Version(Long.toString(modified));
    }

    Entry entry(EntryKind kind) {
        return new Entry(kind, text, version(), session);
    }

    boolean boundTo(String other) {
        return session.isPresent() && session.get().equals(other);
    }
}
