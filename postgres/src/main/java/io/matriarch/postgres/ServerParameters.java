package io.matriarch.postgres;

import io.matriarch.engine.config.PostgresConfig;
import io.matriarch.engine.model.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which parameters the server gets, in the file and on the command line. */
final class ServerParameters {
    /** On the command line too, in this order, so that ALTER SYSTEM cannot change them. */
    private static final List<String> ON_COMMAND_LINE =
            List.of(
                    "listen_addresses",
                    "port",
                    "cluster_name",
                    "wal_level",
                    "hot_standby",
                    "max_connections",
                    "max_wal_senders",
                    "max_prepared_transactions",
                    "max_locks_per_transaction",
                    "track_commit_timestamp",
                    "max_replication_slots",
                    "max_worker_processes",
                    "wal_log_hints");

    /** Parameter to its line of pg_controldata: a standby needs at least the primary's values. */
    private static final Map<String, String> STANDBY_MINIMUMS =
            Map.of(
                    "max_connections", "max_connections setting",
                    "max_prepared_transactions", "max_prepared_xacts setting",
                    "max_locks_per_transaction", "max_locks_per_xact setting",
                    "max_worker_processes", "max_worker_processes setting",
                    "max_wal_senders", "max_wal_senders setting");

    private ServerParameters() {}

    static Map<String, String> wanted(PostgresConfig config, Role role, int major) {
        Map<String, String> values = new TreeMap<>(config.parameters());
        values.putAll(config.roleParameters().getOrDefault(suffix(role), Map.of()));
        RecoveryParameters.NAMES.forEach(values::remove);
        if (major < 13) {
            values.remove("wal_keep_size");
        } else {
            values.remove("wal_keep_segments");
        }
        return values;
    }

    private static String suffix(Role role) {
        return switch (role) {
            case PRIMARY, PROMOTED -> "primary";
            case STANDBY_LEADER -> "standby_leader";
            case REPLICA, DEMOTED, UNINITIALIZED -> "replica";
        };
    }

    static List<String> commandLine(Map<String, String> values) {
        List<String> words = new ArrayList<>();
        for (String name : ON_COMMAND_LINE) {
            Optional.ofNullable(values.get(name))
                    .ifPresent(value -> words.add("--" + name + "=" + value));
        }
        return words;
    }

    /** The parameters for which pg_control asks more than is configured. */
    static Map<String, String> standbyMinimums(
            Map<String, String> wanted, Map<String, String> control) {
        Map<String, String> larger = new TreeMap<>();
        STANDBY_MINIMUMS.forEach(
                (name, line) -> {
                    Optional<Long> required = number(control.get(line));
                    Optional<Long> configured = number(wanted.get(name));
                    if (required.isPresent()
                            && configured.isPresent()
                            && required.get() > configured.get()) {
                        larger.put(name, required.get().toString());
                    }
                });
        return larger;
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.ofNullable(text).map(String::trim).map(Long::parseLong);
        } catch (NumberFormatException e) {
            return Optional.empty(); // PostgreSQL itself will say what is wrong with it
        }
    }
}
