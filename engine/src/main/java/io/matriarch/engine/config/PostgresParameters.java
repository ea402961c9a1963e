package io.matriarch.engine.config;

import io.matriarch.engine.model.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Server parameters by the server's major version: names, the command line, comparison with {@code
 * pg_settings}. Pure tables.
 */
public final class PostgresParameters {
    static final String DEFAULT_WAL_KEEP_SIZE = "128MB";
    static final String DEFAULT_WAL_KEEP_SEGMENTS = "8";

    /** Megabytes of a WAL segment, for the conversion between the two ways to keep WAL. */
    private static final long SEGMENT = 16;

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

    private static final Set<String> RECOVERY =
            Set.of(
                    ("archive_cleanup_command pause_at_recovery_target primary_conninfo"
                                    + " primary_slot_name promote_trigger_file recovery_end_command"
                                    + " recovery_min_apply_delay recovery_target recovery_target_action"
                                    + " recovery_target_inclusive recovery_target_lsn recovery_target_name"
                                    + " recovery_target_time recovery_target_timeline recovery_target_xid"
                                    + " restore_command standby_mode trigger_file")
                            .split(" "));

    private PostgresParameters() {}

    /** Whether a name is one of recovery's, under any version's spelling. */
    public static boolean isRecovery(String name) {
        return RECOVERY.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * What goes into {@code postgresql.conf}, sorted by name, values not yet quoted.
     *
     * @param major 12 or later
     * @param scope becomes {@code cluster_name}
     * @param role whose parameters are merged over; a demoted primary counts as a replica
     */
    public static Map<String, String> forVersion(
            PostgresConfig config, int major, String scope, Role role) {
        Map<String, String> parameters = merged(config, role);
        parameters.put("listen_addresses", String.join(",", config.listen().hosts()));
        parameters.put("port", Integer.toString(config.listen().port()));
        parameters.put("cluster_name", scope);
        retention(parameters, major);
        parameters.keySet().removeIf(name -> !ParameterVersions.exists(name, major));
        return parameters;
    }

    /** One sentence for each parameter that {@link #forVersion} leaves out. */
    public static List<String> unknownToVersion(PostgresConfig config, int major, Role role) {
        List<String> warnings = new ArrayList<>();
        merged(config, role)
                .forEach(
                        (name, value) -> {
                            boolean converted = name.startsWith("wal_keep_");
                            if (!converted && !ParameterVersions.exists(name, major)) {
                                warnings.add(
                                        "Removing unexpected parameter="
                                                + name
                                                + " value="
                                                + value
                                                + " from the config");
                            }
                        });
        return warnings;
    }

    private static Map<String, String> merged(PostgresConfig config, Role role) {
        Map<String, String> parameters = new TreeMap<>(config.parameters());
        parameters.putAll(config.roleParameters().getOrDefault(suffix(role), Map.of()));
        return parameters;
    }

    private static String suffix(Role role) {
        switch (role) {
            case PRIMARY:
            case PROMOTED:
                return "primary";
            case STANDBY_LEADER:
                return "standby_leader";
            default:
                return "replica";
        }
    }

    /** The way of each version to keep WAL, converted from the other if only that is set. */
    private static void retention(Map<String, String> parameters, int major) {
        Optional<String> segments = Optional.ofNullable(parameters.remove("wal_keep_segments"));
        Optional<String> size = Optional.ofNullable(parameters.remove("wal_keep_size"));
        if (major >= 13) {
            String converted =
                    segments.map(n -> Long.parseLong(n) * SEGMENT + "MB")
                            .orElse(DEFAULT_WAL_KEEP_SIZE);
            parameters.put("wal_keep_size", size.orElse(converted));
        } else {
            String converted =
                    size.flatMap(text -> GucNumber.integer(text, "MB"))
                            .map(megabytes -> (megabytes + SEGMENT / 2) / SEGMENT)
                            .map(String::valueOf)
                            .orElse(DEFAULT_WAL_KEEP_SEGMENTS);
            parameters.put("wal_keep_segments", segments.orElse(converted));
        }
    }

    /**
     * The parameters that the server gets on its command line, where {@code ALTER SYSTEM} does not
     * reach: {@code --name=value}, in the order in which operators see them in {@code ps}.
     */
    public static List<String> commandLine(Map<String, String> parameters) {
        return ON_COMMAND_LINE.stream()
                .filter(parameters::containsKey)
                .map(name -> "--" + name + "=" + parameters.get(name))
                .toList();
    }

    /**
     * Whether a configured value means what the server has. What cannot be parsed on either side
     * differs.
     *
     * @param setting column {@code setting} of {@code pg_settings}: a bare number of units
     * @param vartype column of that name
     * @param unit column of that name; empty text for null
     */
    public static boolean same(String configured, String setting, String vartype, String unit) {
        switch (vartype) {
            case "bool":
                Optional<Boolean> flag = flag(configured);
                return flag.isPresent() && flag.equals(flag(setting));
            case "integer":
                Optional<Long> whole = GucNumber.integer(configured, unit);
                return whole.isPresent() && whole.equals(GucNumber.integer(setting, ""));
            case "real":
                Optional<Double> real = GucNumber.real(configured, unit);
                return real.isPresent() && real.equals(GucNumber.real(setting, ""));
            case "enum":
                return configured.equalsIgnoreCase(setting);
            default:
                return configured.equals(setting);
        }
    }

    /** Every unambiguous beginning of a word, as the server takes it. */
    private static Optional<Boolean> flag(String text) {
        String word = text.trim().toLowerCase(Locale.ROOT);
        if (word.isEmpty()) {
            return Optional.empty();
        }
        if (word.equals("on")
                || word.equals("1")
                || "true".startsWith(word)
                || "yes".startsWith(word)) {
            return Optional.of(true);
        }
        boolean off =
                word.equals("0")
                        || "false".startsWith(word)
                        || "no".startsWith(word)
                        || word.length() >= 2 && "off".startsWith(word);
        return off ? Optional.of(false) : Optional.empty();
    }

    /**
     * A value for people: numbers in the largest unit that holds them exactly, everything else as
     * it is. A value with a unit of its own is converted first.
     */
    public static String display(String value, String vartype, String unit) {
        if (!vartype.equals("integer") && !vartype.equals("real")) {
            return value;
        }
        return GucNumber.real(value, unit)
                .filter(number -> number == Math.rint(number) && Math.abs(number) < 1e15)
                .map(number -> GucNumber.display(number.longValue(), unit))
                .orElse(value);
    }
}
