package io.matriarch.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * Timing that the engine hands to a backend, already validated and adjusted.
 *
 * @param ttl lifetime of the lease and of the member record after the last renewal
 * @param loopWait the longest nap of the engine's loop
 * @param retryTimeout the budget of one operation
 */
public record DcsSettings(Duration ttl, Duration loopWait, Duration retryTimeout) {
    public DcsSettings {
        Objects.requireNonNull(ttl, "ttl");
        Objects.requireNonNull(loopWait, "loopWait");
        Objects.requireNonNull(retryTimeout, "retryTimeout");
    }

    /** 30, 10 and 10 seconds. */
    public static DcsSettings defaults() {
        return new DcsSettings(
                Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10));
    }
}
