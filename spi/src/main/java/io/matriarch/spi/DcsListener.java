package io.matriarch.spi;

import java.util.Set;

/**
 * Told that the store may have changed. A hint to look again and nothing more: it may repeat, may
 * be spurious, and names what changed only as a help (rules N1 to N4). Called on any thread of the
 * backend; an implementation never blocks and never calls back into the {@link Dcs}.
 */
@FunctionalInterface
public interface DcsListener {
    /**
     * @param hint the kinds that may have changed; empty for "unknown, read everything"
     */
    void changed(Set<EntryKind> hint);
}
