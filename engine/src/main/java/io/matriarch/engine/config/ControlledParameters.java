package io.matriarch.engine.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Server parameters that must agree in the whole cluster, or that the daemon itself depends on:
 * they come from the dynamic document or from their default, never from a member's own file.
 */
final class ControlledParameters {
    private static final Set<String> NEVER_SETTABLE =
            Set.of("listen_addresses", "port", "cluster_name");

    /**
     * @param otherwise value if none is set; empty text for none
     * @param accepted the text to use for a value, or empty if it is not allowed
     */
    private record Rule(String otherwise, Function<Object, Optional<String>> accepted) {}

    private static final Map<String, Rule> RULES = rules();

    private ControlledParameters() {}

    static boolean has(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return RULES.containsKey(lower) || NEVER_SETTABLE.contains(lower);
    }

    /**
     * The values in force.
     *
     * @param dynamic {@code postgresql.parameters} of the dynamic document
     * @param warnings receives a sentence for each value that is not allowed
     */
    static Map<String, String> inForce(Map<String, Object> dynamic, List<String> warnings) {
        Map<String, Object> byName = new LinkedHashMap<>();
        dynamic.forEach((name, value) -> byName.put(name.toLowerCase(Locale.ROOT), value));
        Map<String, String> values = new LinkedHashMap<>();
        RULES.forEach(
                (name, rule) -> {
                    Object value = byName.get(name);
                    Optional<String> accepted =
                            value == null ? Optional.empty() : rule.accepted.apply(value);
                    if (value != null && accepted.isEmpty()) {
                        warnings.add(
                                "postgresql parameter "
                                        + name
                                        + "="
                                        + Words.text(value)
                                        + " failed validation, defaulting to "
                                        + shown(name, rule));
                    }
                    String text = accepted.orElse(rule.otherwise);
                    if (!text.isEmpty()) {
                        values.put(name, text);
                    }
                });
        return values;
    }

    private static String shown(String name, Rule rule) {
        if (name.equals("wal_keep_size")) {
            return PostgresParameters.DEFAULT_WAL_KEEP_SIZE;
        }
        return name.equals("wal_keep_segments")
                ? PostgresParameters.DEFAULT_WAL_KEEP_SEGMENTS
                : rule.otherwise;
    }

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        rules.put("wal_level", new Rule("replica", ControlledParameters::walLevel));
        rules.put(
                "hot_standby",
                new Rule("on", value -> Words.flag(value).filter(on -> on).map(on -> "on")));
        rules.put("max_connections", atLeast(25, "100"));
        rules.put("max_wal_senders", atLeast(3, "10"));
        rules.put("max_prepared_transactions", atLeast(0, "0"));
        rules.put("max_locks_per_transaction", atLeast(32, "64"));
        rules.put("track_commit_timestamp", flag("off"));
        rules.put("max_replication_slots", atLeast(4, "10"));
        rules.put("max_worker_processes", atLeast(2, "8"));
        rules.put("wal_log_hints", flag("on"));
        // Without a value in the document, the default depends on the server's version.
        rules.put("wal_keep_segments", atLeast(1, ""));
        rules.put("wal_keep_size", new Rule("", ControlledParameters::walKeepSize));
        return rules;
    }

    private static Rule atLeast(long smallest, String otherwise) {
        return new Rule(
                otherwise,
                value ->
                        Words.integer(value)
                                .filter(n -> n >= smallest && n <= Integer.MAX_VALUE)
                                .map(String::valueOf));
    }

    private static Rule flag(String otherwise) {
        return new Rule(otherwise, value -> Words.flag(value).map(on -> on ? "on" : "off"));
    }

    private static Optional<String> walLevel(Object value) {
        String level = value.toString().toLowerCase(Locale.ROOT);
        // The old name of the same level; every server that is supported knows the new one.
        return level.equals("hot_standby")
                ? Optional.of("replica")
                : Optional.of(level).filter(Set.of("replica", "logical")::contains);
    }

    private static Optional<String> walKeepSize(Object value) {
        return Optional.of(Words.guc(value).trim())
                .filter(text -> GucNumber.integer(text, "MB").filter(mb -> mb >= 16).isPresent());
    }
}
