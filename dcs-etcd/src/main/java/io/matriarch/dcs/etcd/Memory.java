package io.matriarch.dcs.etcd;

import io.etcd.jetcd.ByteSequence;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The newest state of the keys that this instance saw or wrote: to skip writes of what the store
 * holds already, and to guess the revision under which a write will pass. Answers may arrive out of
 * order: only a newer revision replaces an older one. Thread-safe.
 */
final class Memory {
    /**
     * What is known of one key.
     *
     * @param stored empty if the key was absent
     * @param revision of the store, when that was so
     */
    record Known(Optional<Stored> stored, long revision) {}

    private final Map<ByteSequence, Known> known = new HashMap<>();

    synchronized void saw(ByteSequence key, Optional<Stored> stored, long revision) {
        known.merge(
                key,
                new Known(stored, revision),
                (before, now) -> now.revision() >= before.revision() ? now : before);
    }

    synchronized Optional<Known> known(ByteSequence key) {
        return Optional.ofNullable(known.get(key));
    }

    synchronized Optional<Stored> last(ByteSequence key) {
        return Optional.ofNullable(known.get(key)).flatMap(Known::stored);
    }
}
