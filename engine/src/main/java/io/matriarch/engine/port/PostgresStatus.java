package io.matriarch.engine.port;

import io.matriarch.engine.model.Lsn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the running server answered to the status query.
 *
 * @param inRecovery false = it takes writes
 * @param timeline current timeline (of a standby: the received one); 0 when unknown
 * @param position flush position of a primary; zero in recovery
 * @param received zero on a primary
 * @param replayed zero on a primary
 * @param replayPaused in recovery only
 * @param replayedTimestamp as text, if anything was replayed
 * @param streaming a WAL receiver is connected
 * @param latestEnd the upstream's position as the WAL receiver last heard it; zero when unknown
 * @param archiveRecovery restore_command is set
 * @param senders connected walsenders, each with the keys usename, application_name, client_addr,
 *     state, sync_state, sync_priority
 * @param slots slot name to position
 * @param postmasterStartTime as the REST API prints it
 * @param serverVersion server_version_num
 */
public record PostgresStatus(
        boolean inRecovery,
        int timeline,
        Lsn position,
        Lsn received,
        Lsn replayed,
        boolean replayPaused,
        Optional<String> replayedTimestamp,
        boolean streaming,
        Lsn latestEnd,
        boolean archiveRecovery,
        List<Map<String, Object>> senders,
        Map<String, Lsn> slots,
        String postmasterStartTime,
        int serverVersion) {
    /** What counts in a race and in the member key. */
    public Lsn lastPosition() {
        return inRecovery ? received.max(replayed) : position;
    }
}
