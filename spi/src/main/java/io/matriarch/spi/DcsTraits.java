package io.matriarch.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * What a backend grants, as it knows it now; may change after {@link Dcs#reconfigure}.
 *
 * @param effectiveTtl the lease time that the store really keeps; at least the configured one
 * @param smallestTtl the smallest lease time that the store grants
 * @param mayEndEarly whether the store can end a lease before its time (Consul)
 * @param linearizableReads whether {@link Dcs#read} sees every write applied before it was called
 * @param note one sentence for operators on how effectiveTtl came about, or empty
 */
public record DcsTraits(
        Duration effectiveTtl,
        Duration smallestTtl,
        boolean mayEndEarly,
        boolean linearizableReads,
        String note) {
    public DcsTraits {
        Objects.requireNonNull(effectiveTtl, "effectiveTtl");
        Objects.requireNonNull(smallestTtl, "smallestTtl");
        Objects.requireNonNull(note, "note");
    }
}
