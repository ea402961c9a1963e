package io.matriarch.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * What a leader writes along with a renewal. A failure to write it never spoils a good renewal
 * (rule L7); a backend skips what the store already holds.
 *
 * @param status the status entry, if it should be written
 * @param failsafe the failsafe entry, if it should be written
 */
public record LeaderUpdate(Optional<Value> status, Optional<Value> failsafe) {
    /** A renewal that writes nothing. */
    public static final LeaderUpdate NONE = new LeaderUpdate(Optional.empty(), Optional.empty());

    public LeaderUpdate {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(failsafe, "failsafe");
    }
}
