package io.matriarch.engine.decide;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.MemberOptions;
import io.matriarch.engine.port.PostgresAction;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a decision rests on, as seen by one member at one moment. A bug that cannot be
 * replayed from this record shows that something is missing here.
 *
 * @param me the local configuration
 * @param settings the dynamic configuration
 * @param now monotonic nanoseconds
 * @param wall for scheduled requests only
 * @param view the cluster; empty while the store does not answer
 * @param lastView the last view of all
 * @param oldView the last view that had a leader: the former leader's key often vanishes with the
 *     lease
 * @param lease own lease
 * @param local the local PostgreSQL
 * @param action the action in flight
 * @param fencing the server is being fenced
 * @param peers answers by member
 * @param order what the operator asked of this member
 * @param memory from the decision before
 */
public record Situation(
        MemberOptions me,
        Settings settings,
        long now,
        Instant wall,
        Optional<ClusterView> view,
        Optional<ClusterView> lastView,
        Optional<ClusterView> oldView,
        LeaseBelief lease,
        LocalState local,
        Optional<RunningAction> action,
        boolean fencing,
        Map<String, PeerAnswer> peers,
        Optional<Order> order,
        Memory memory) {
    public Situation {
        peers = Map.copyOf(peers);
    }

    boolean paused() {
        return settings.pause();
    }

    /** The view; only rules below the store rules may ask. */
    ClusterView cluster() {
        return view.orElseThrow();
    }

    boolean unlocked() {
        return cluster().isUnlocked();
    }

    boolean unlockedOrUnseen() {
        return view.map(ClusterView::isUnlocked).orElse(true);
    }

    /** What could not be done a moment ago may be tried again. */
    boolean due() {
        return memory.notBefore().isEmpty() || now - memory.notBefore().getAsLong() >= 0;
    }

    /** The record names me. */
    boolean named() {
        return view.filter(v -> v.isLeader(me.name())).isPresent();
    }

    /** The last word of the store was that the lease is mine, and there is time to act on it. */
    boolean leading() {
        return lease.proven(now);
    }

    boolean primary() {
        return local.takesWrites();
    }

    /** Out of recovery, on the way there, or perhaps so: what must not outlive the lease. */
    boolean mayTakeWrites() {
        return promoting()
                || startingAsPrimary()
                || (!shutDownCleanly()
                        && (local.takesWrites()
                                || (local.postmasterAlive() && !local.standbyConfigured())));
    }

    /** A start is under way that ends in a server that takes writes. */
    private boolean startingAsPrimary() {
        return action.map(RunningAction::action)
                .filter(
                        a ->
                                a instanceof PostgresAction.StartPrimary
                                        || (a instanceof PostgresAction.Restart
                                                && !local.standbyConfigured()))
                .isPresent();
    }

    /** pg_control says that the server shut down: what still lives of it only archives. */
    private boolean shutDownCleanly() {
        return action.flatMap(RunningAction::progress)
                .filter(p -> p instanceof ActionProgress.ShutDownCleanly)
                .isPresent();
    }

    boolean promoting() {
        return action.filter(a -> a.action() instanceof PostgresAction.Promote).isPresent();
    }

    boolean running() {
        return local.postmasterAlive() && local.status().isPresent();
    }

    Lsn myPosition() {
        return local.status().map(status -> status.lastPosition()).orElse(Lsn.ZERO);
    }

    int myTimeline() {
        return local.status().map(status -> status.timeline()).orElse(0);
    }

    Optional<Member> leaderMember() {
        return view.flatMap(ClusterView::leaderMember);
    }

    boolean ordered(Class<? extends Order> kind) {
        return order.filter(kind::isInstance).isPresent();
    }

    Duration startTimeout() {
        return settings.primaryStartTimeout().isZero()
                ? Duration.ofSeconds(300)
                : settings.primaryStartTimeout();
    }

    Situation withMemory(Memory next) {
        return new Situation(
                me, settings, now, wall, view, lastView, oldView, lease, local, action, fencing,
                peers, order, next);
    }
}
