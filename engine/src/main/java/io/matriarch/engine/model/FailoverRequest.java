package io.matriarch.engine.model;

import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * A requested switchover (a leader is named) or manual failover (none is).
 *
 * @param leader who should give up the role
 * @param candidate who should take it; empty for "any healthy member"
 * @param scheduledAt when, for a scheduled switchover
 * @param unusableSchedule the text of {@code scheduled_at} if it could not be parsed
 */
public record FailoverRequest(
        Optional<String> leader,
        Optional<String> candidate,
        Optional<OffsetDateTime> scheduledAt,
        Optional<String> unusableSchedule) {
    public static FailoverRequest of(Optional<String> leader, Optional<String> candidate) {
        return new FailoverRequest(leader, candidate, Optional.empty(), Optional.empty());
    }

    /** Nothing is asked for. */
    public boolean isEmpty() {
        return leader.isEmpty() && candidate.isEmpty();
    }

    /** {@code switchover} or {@code manual failover}, as messages say it. */
    public String action() {
        return leader.isPresent() ? "switchover" : "manual failover";
    }

    public boolean isScheduled() {
        return scheduledAt.isPresent() || unusableSchedule.isPresent();
    }
}
