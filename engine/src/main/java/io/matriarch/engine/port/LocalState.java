package io.matriarch.engine.port;

import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.PendingChange;
import io.matriarch.engine.model.Role;
import java.util.Map;
import java.util.Optional;

/**
 * The local PostgreSQL instance as one observation found it.
 *
 * @param dataDirectory empty, present or unreadable
 * @param problem why the directory is unreadable, or why the last action failed; empty text if none
 * @param systemId the local system identifier, if it can be read
 * @param postmasterAlive a zombie is not alive
 * @param state as published
 * @param role as published
 * @param status the server's answer; empty when it does not answer queries
 * @param control pg_controldata; only read while the server is not running
 * @param upstream whom the server is configured to stream from; empty = nobody
 * @param standbyConfigured the data directory is set up to start as a standby
 * @param pendingRestart parameters that wait for a restart
 * @param stateSince monotonic nanoseconds at which the state was entered
 */
public record LocalState(
        DataDirectory dataDirectory,
        String problem,
        Optional<String> systemId,
        boolean postmasterAlive,
        MemberState state,
        Role role,
        Optional<PostgresStatus> status,
        Optional<ControlData> control,
        Optional<Upstream> upstream,
        boolean standbyConfigured,
        Map<String, PendingChange> pendingRestart,
        long stateSince) {
    /** What lies at data_dir. */
    public enum DataDirectory {
        EMPTY,
        PRESENT,
        UNREADABLE
    }

    /** Out of recovery and answering: it takes writes. */
    public boolean takesWrites() {
        return status.filter(s -> !s.inRecovery()).isPresent();
    }
}
