package io.matriarch.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * One entry as it was read.
 *
 * @param kind what it is
 * @param text its value, byte for byte as UTF-8; may be empty
 * @param version the token that guards a later write of it
 * @param session the session, lease or ephemeral owner that it is bound to, if any; opaque
 */
public record Entry(EntryKind kind, String text, Version version, Optional<String> session) {
    public Entry {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(session, "session");
    }
}
