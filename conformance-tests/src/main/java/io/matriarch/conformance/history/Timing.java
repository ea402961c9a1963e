package io.matriarch.conformance.history;

import java.time.Duration;

/**
 * The times of a history.
 *
 * @param patience the deadline of each call
 * @param timeout the retry timeout that clients are opened with; twice it is the time to recover
 */
public record Timing(Duration ttl, Duration loopWait, Duration timeout, Duration patience) {
    /** How soon a hint comes on a healthy store (N1). */
    static final Duration PROMPT = Duration.ofSeconds(1);

    /** How late a call may end (D1). */
    static final Duration GRACE = Duration.ofMillis(250);

    /** The unit of a plan's pauses. */
    Duration unit() {
        return ttl.dividedBy(20);
    }

    /** Within which calls succeed after the last fault is over (D4). */
    Duration recovery() {
        return timeout.multipliedBy(2);
    }

    /** Within which a broken watch is mended and tells (N4). */
    Duration mending() {
        return loopWait.plus(PROMPT);
    }
}
