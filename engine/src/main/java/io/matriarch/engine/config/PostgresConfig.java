package io.matriarch.engine.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code postgresql} section, local and dynamic merged by the rules of precedence.
 *
 * @param listen where PostgreSQL listens
 * @param connectAddress what other members connect to
 * @param proxyAddress a local pooler
 * @param dataDir absolute
 * @param configDir absolute; dataDir unless set
 * @param configBaseName {@code postgresql}
 * @param binDir empty = PATH
 * @param binNames tool to file name, only those that differ
 * @param database for own connections
 * @param pgpass file that passwords for replication are written to
 * @param superuser own connections
 * @param replication replication connections
 * @param rewind pg_rewind's connection; the superuser's unless set
 * @param parameters effective server parameters as PostgreSQL text: controlled ones from the
 *     dynamic document (or their defaults) win over anything local
 * @param roleParameters suffix (primary, replica, standby_leader) to parameters merged over
 * @param pgHba lines; empty = leave the file alone
 * @param pgIdent lines; empty = leave the file alone
 * @param customConf file included instead of the base configuration
 * @param recoveryConf recovery parameters
 * @param callbacks event ({@code on_start} ...) to command
 * @param prePromote command
 * @param beforeStop command
 * @param pgCtlTimeout start timeout
 * @param usePgRewind whether a former primary may be rewound
 * @param rewindOptions words for pg_rewind, already checked
 * @param removeOnRewindFailure wipe and clone after a failed rewind
 * @param removeOnDivergedTimelines wipe and clone instead of a rewind
 * @param useSlots member slots
 * @param createReplicaMethods in order
 * @param methodSections custom method name to its section in file order
 * @param basebackupOptions words for pg_basebackup, already checked
 * @param useUnixSocket own connections by socket
 */
public record PostgresConfig(
        HostPort listen,
        HostPort connectAddress,
        Optional<HostPort> proxyAddress,
        String dataDir,
        String configDir,
        String configBaseName,
        String binDir,
        Map<String, String> binNames,
        String database,
        String pgpass,
        Credentials superuser,
        Credentials replication,
        Credentials rewind,
        Map<String, String> parameters,
        Map<String, Map<String, String>> roleParameters,
        List<String> pgHba,
        List<String> pgIdent,
        Optional<String> customConf,
        Map<String, String> recoveryConf,
        Map<String, String> callbacks,
        Optional<String> prePromote,
        Optional<String> beforeStop,
        Duration pgCtlTimeout,
        boolean usePgRewind,
        List<String> rewindOptions,
        boolean removeOnRewindFailure,
        boolean removeOnDivergedTimelines,
        boolean useSlots,
        List<String> createReplicaMethods,
        Map<String, Map<String, Object>> methodSections,
        List<String> basebackupOptions,
        boolean useUnixSocket) {
    /** {@code postgres://host:port/database}. */
    public String connUrl() {
        return "postgres://" + connectAddress + "/" + database;
    }

    /** Like {@link #connUrl()}, through the local pooler. */
    public Optional<String> proxyUrl() {
        return proxyAddress.map(address -> "postgres://" + address + "/" + database);
    }

    @Override
    public String toString() {
        return "PostgresConfig[" + dataDir + " at " + listen + "]";
    }
}
