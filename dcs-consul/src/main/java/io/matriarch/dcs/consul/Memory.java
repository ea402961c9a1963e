package io.matriarch.dcs.consul;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The newest state of the keys that this instance saw or wrote: to skip writes of what the store
 * holds already, and to guess the index under which a write will pass. A wrong guess costs a
 * request, never correctness. Thread-safe.
 */
final class Memory {
    private final Map<String, Stored> known = new HashMap<>();

    /** An index only grows, so of two states the one with the larger index is newer. */
    synchronized void saw(String key, Stored stored) {
        known.merge(
                key,
                stored,
                (before, now) ->
                        Long.compareUnsigned(now.index(), before.index()) >= 0 ? now : before);
    }

    synchronized void gone(String key) {
        known.remove(key);
    }

    void saw(String key, Optional<Stored> stored) {
        stored.ifPresentOrElse(s -> saw(key, s), () -> gone(key));
    }

    synchronized Optional<Stored> last(String key) {
        return Optional.ofNullable(known.get(key));
    }
}
