package io.matriarch.engine.decide;

import java.time.Duration;
import java.util.Optional;

/** What the operator asked of this member and is not done yet. */
public sealed interface Order {
    /** Restart PostgreSQL. */
    record Restart(Optional<Duration> timeout) implements Order {}

    /** Wipe the data directory and clone it. */
    record Reinitialize(boolean force, boolean fromLeader) implements Order {}

    /** End the daemon. */
    record Shutdown() implements Order {}
}
