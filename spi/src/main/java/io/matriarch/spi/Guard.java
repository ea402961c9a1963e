package io.matriarch.spi;

import java.util.Objects;

/** The condition under which a write takes effect (rules W1 to W4). */
public sealed interface Guard {
    /** Writes whatever is there. */
    static Guard any() {
        return Any.ANY;
    }

    /** Writes only if the entry does not exist; an existing empty text counts as existing. */
    static Guard absent() {
        return Absent.ABSENT;
    }

    /** Writes only if the entry still has this version. */
    static Guard version(Version version) {
        return new Unchanged(version);
    }

    /** No condition. */
    enum Any implements Guard {
        ANY
    }

    /** The entry must not exist. */
    enum Absent implements Guard {
        ABSENT
    }

    /** The entry must carry this version. */
    record Unchanged(Version version) implements Guard {
        public Unchanged {
            Objects.requireNonNull(version, "version");
        }
    }
}
