package io.matriarch.engine.port;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The local PostgreSQL instance. Calls come from the decision lane and return at once; answers and
 * events arrive on it.
 */
public interface PostgresPort {
    /** Looks at the instance; answers within a few seconds even when the server hangs. */
    void observe(Consumer<LocalState> to);

    /** Starts a long action. The caller sees to it that none is running. */
    Running start(PostgresAction action, ActionListener listener);

    /**
     * Fencing: sees to it that no process of this server can write, whatever else is going on.
     * Cancels a running action, then stops with the mode, escalating to KILL so that it ends by the
     * budget.
     *
     * @param done runs on the decision lane when no server process remains
     */
    void fence(StopMode mode, Duration budget, Runnable done);

    /**
     * The second line of defence, which needs no decision: unless this is called again or {@link
     * #disarm()} before {@code at}, a server that is not a standby is fenced then, so that nothing
     * of it writes after {@code writesEndAt}. Both are nanoseconds of {@link System#nanoTime()}. A
     * model of PostgreSQL has no such lane.
     */
    default void arm(long at, long writesEndAt) {}

    /** Nothing is armed any more. */
    default void disarm() {}

    /**
     * Until when an earlier process of this member had its lease proven, as the last {@link
     * #arm(long, long)} of that process said: its {@code writesEndAt}, in nanoseconds of this
     * process. Empty if it gave the lease up, or nothing is known. Call once, before the first
     * {@code arm}.
     */
    default OptionalLong inheritedLease() {
        return OptionalLong.empty();
    }

    /**
     * Runs CHECKPOINT in the background after a promotion; {@code done} hears whether it worked.
     */
    void checkpoint(Consumer<Boolean> done);

    /**
     * Applies the dynamic configuration and what follows from the view: parameters (with reload and
     * pending restarts), pg_hba, member slots. Does nothing when nothing changed.
     */
    void apply(Settings settings, Optional<ClusterView> view);

    /** The timelines behind the running server, from its history file. */
    void history(int timeline, Consumer<List<HistoryLine>> to);

    /** What the daemon must do when it ends: nothing to PostgreSQL, but close connections. */
    void close();

    /** A handle on a running action. */
    @FunctionalInterface
    interface Running {
        /** Asks the action to end early; its result still arrives. Harmless when it has ended. */
        void cancel();
    }

    /** Hears of one action. */
    interface ActionListener {
        void progress(ActionProgress progress);

        /** Exactly once, last. */
        void finished(ActionResult result);
    }

    /** Hears of things that happen to the server by themselves. */
    @FunctionalInterface
    interface EventListener {
        /** Something changed (postmaster ended, became ready): look again. */
        void changed(String why);
    }
}
