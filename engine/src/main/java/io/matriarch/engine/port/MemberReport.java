package io.matriarch.engine.port;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.ScheduledRestart;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.model.Tags;
import java.time.Instant;
import java.util.Optional;

/**
 * A member's picture of itself and of its cluster, for the REST API.
 *
 * @param name the member
 * @param scope the cluster
 * @param local the latest observation; empty before the first
 * @param holdsLease the local, conservative belief at the time of the call; false from the moment a
 *     stop was decided
 * @param view the latest good view; empty while the last read failed
 * @param lastView the latest good view, however old
 * @param settings in force
 * @param tags effective tags
 * @param action title of the running action
 * @param rule number of the last decision's rule, and its message
 * @param message of the last decision
 * @param dcsLastSeen wall time of the last good contact
 * @param scheduledRestart if one waits
 * @param nextRun monotonic nanoseconds by which the loop should have run again
 */
public record MemberReport(
        String name,
        String scope,
        Optional<LocalState> local,
        boolean holdsLease,
        Optional<ClusterView> view,
        Optional<ClusterView> lastView,
        Settings settings,
        Tags tags,
        Optional<String> action,
        int rule,
        String message,
        Optional<Instant> dcsLastSeen,
        Optional<ScheduledRestart> scheduledRestart,
        long nextRun) {
    /** The same with another observation. */
    public MemberReport withLocal(LocalState state) {
        return with(Optional.of(state), holdsLease);
    }

    /** The same without the belief to lead. */
    public MemberReport withoutLease() {
        return with(local, false);
    }

    private MemberReport with(Optional<LocalState> state, boolean holds) {
        return new MemberReport(
                name,
                scope,
                state,
                holds,
                view,
                lastView,
                settings,
                tags,
                action,
                rule,
                message,
                dcsLastSeen,
                scheduledRestart,
                nextRun);
    }
}
