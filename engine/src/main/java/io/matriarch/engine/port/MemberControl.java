package io.matriarch.engine.port;

import io.matriarch.engine.model.ScheduledRestart;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What an operator can ask of this member, and what it tells about itself. Implemented by the
 * shell, called by the REST server from any thread.
 */
public interface MemberControl {
    /** The latest picture; never blocks. */
    MemberReport report();

    /** Starts a cycle now, because the caller changed something in the store. */
    void wake();

    /** Re-reads the local configuration and starts a cycle. */
    void reload();

    /**
     * Restarts PostgreSQL.
     *
     * @param timeout overrides primary_start_timeout
     * @return the reply when it is done; status and body are those of the REST API
     */
    CompletionStage<Reply> restart(RestartOrder order, Optional<Duration> timeout);

    /** Plans a restart; 202, or 409 if one is planned already. */
    Reply scheduleRestart(ScheduledRestart restart);

    /** Forgets the planned restart; false if there was none. */
    boolean cancelScheduledRestart();

    /** Starts a reinitialisation; the reply comes as soon as it is accepted or refused. */
    CompletionStage<Reply> reinitialize(boolean force, boolean fromLeader);

    /** Ends the daemon: PostgreSQL is stopped and the lease handed over (not in pause). */
    CompletionStage<Void> shutdown();

    /**
     * Conditions of a restart.
     *
     * @param role only in this role
     * @param belowVersion only if server_version_num is below this
     * @param onlyIfPending only if a restart is pending
     */
    record RestartOrder(
            Optional<String> role, Optional<Integer> belowVersion, boolean onlyIfPending) {
        public static final RestartOrder UNCONDITIONAL =
                new RestartOrder(Optional.empty(), Optional.empty(), false);
    }

    /** An answer in the REST API's terms. */
    record Reply(int status, String body) {}

    /** Extra facts for {@code explain} and the status document, by name. */
    default Map<String, Object> facts() {
        return Map.of();
    }
}
