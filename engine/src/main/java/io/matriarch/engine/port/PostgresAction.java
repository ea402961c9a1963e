package io.matriarch.engine.port;

import io.matriarch.engine.model.Member;
import java.time.Duration;
import java.util.Optional;

/**
 * One long operation on the local PostgreSQL. At most one runs at a time (invariant I20); {@link
 * #title()} is the name under which messages mention it.
 */
public sealed interface PostgresAction {
    String title();

    /** initdb (or the custom method), first start, roles. Fails without a trace left running. */
    record Bootstrap() implements PostgresAction {
        @Override
        public String title() {
            return "bootstrap";
        }
    }

    /** Fills an empty data directory from another member and starts as its standby. */
    record Clone(Member source, boolean fromLeader, Upstream follow) implements PostgresAction {
        @Override
        public String title() {
            return "bootstrap from "
                    + (fromLeader ? "leader" : "replica")
                    + " '"
                    + source.name()
                    + "'";
        }
    }

    /** Starts as primary, without recovery files, on the same timeline. */
    record StartPrimary(Duration timeout) implements PostgresAction {
        @Override
        public String title() {
            return "starting primary after failure";
        }
    }

    /** Starts as standby of the upstream, or of nobody. */
    record StartStandby(Optional<Upstream> upstream, Duration timeout, String title)
            implements PostgresAction {}

    /**
     * Stops the server. On expiry of the budget FAST becomes IMMEDIATE and then KILL. With FAST the
     * listener hears {@link ActionProgress.ShutDownCleanly} as soon as pg_control says so.
     */
    record Stop(StopMode mode, boolean checkpointFirst, Optional<Duration> budget, String title)
            implements PostgresAction {}

    /** Stops and starts in the same role. */
    record Restart(Duration timeout) implements PostgresAction {
        @Override
        public String title() {
            return "restart";
        }
    }

    /** Ends recovery: pre_promote script, pg_promote, then waits for "in production". */
    record Promote() implements PostgresAction {
        @Override
        public String title() {
            return "promote";
        }
    }

    /** Points a running standby to another upstream, by reload where that is enough. */
    record Follow(Optional<Upstream> upstream) implements PostgresAction {
        @Override
        public String title() {
            return "changing primary_conninfo and restarting";
        }
    }

    /** Finds out whether the local WAL has left the leader's timeline; works stopped or running. */
    record CheckDivergence(Member leader) implements PostgresAction {
        @Override
        public String title() {
            return "checking divergence from " + leader.name();
        }
    }

    /** pg_rewind of the stopped server. */
    record Rewind(Member leader) implements PostgresAction {
        @Override
        public String title() {
            return "running pg_rewind from " + leader.name();
        }
    }

    /** Wipes the data directory and clones it again. The title tells why. */
    record Reinitialize(Member source, boolean fromLeader, Upstream follow, String title)
            implements PostgresAction {}

    /**
     * Single-user crash recovery, so that a rewind or a divergence check has a clean end of WAL.
     */
    record CrashRecovery() implements PostgresAction {
        @Override
        public String title() {
            return "doing crash recovery in a single user mode";
        }
    }
}
