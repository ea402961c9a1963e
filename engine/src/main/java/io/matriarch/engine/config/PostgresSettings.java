package io.matriarch.engine.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The {@code postgresql} section in force: the local one over the dynamic one, by rules of
 * precedence that differ from key to key. Pure.
 */
public final class PostgresSettings {
    private static final String DYNAMIC = "dynamic configuration";

    /** Of one member only: dropped from the dynamic document. */
    private static final Set<String> LOCAL_ONLY =
            Set.of(
                    ("connect_address proxy_address listen config_dir data_dir pgpass"
                                    + " authentication")
                            .split(" "));

    private PostgresSettings() {}

    /**
     * @param config in force
     * @param warnings one sentence for each value that was not taken as written
     */
    public record Effective(PostgresConfig config, List<String> warnings) {
        public Effective {
            warnings = List.copyOf(warnings);
        }
    }

    /** Like {@link #merge}, without the warnings. */
    public static PostgresConfig effective(LocalConfig local, Map<String, Object> document) {
        return merge(local, document).config();
    }

    /**
     * The section in force under a dynamic document.
     *
     * @param local of a member; if it was not read from files, its section is taken as it is
     * @throws ConfigException if the document's part has a wrong type; the former settings should
     *     stay in force
     * @throws IllegalArgumentException if the local configuration has no postgresql section
     */
    public static Effective merge(LocalConfig local, Map<String, Object> document) {
        PostgresConfig own =
                local.postgresql()
                        .orElseThrow(() -> new IllegalArgumentException("no postgresql section"));
        if (local.postgresqlSection().isEmpty()) {
            return new Effective(own, List.of());
        }
        Places places = new Places(Map.of(), DYNAMIC);
        return merge(local.postgresqlSection(), places, document);
    }

    static Effective merge(Map<String, Object> local, Places places, Map<String, Object> document) {
        List<String> warnings = new ArrayList<>();
        Map<String, Object> dynamic = section(document.get("postgresql"), "postgresql");
        warnings.addAll(
                ConfigSchema.withoutEffect(
                        Map.of("postgresql", dynamic), new Places(Map.of(), DYNAMIC)));
        Map<String, Object> merged = new LinkedHashMap<>(dynamic);
        merged.keySet().removeAll(LOCAL_ONLY);
        local.forEach(
                (key, value) -> {
                    if (value != null && !key.equals("use_slots")) {
                        merged.put(key, value);
                    }
                });
        Map<String, Object> shared = section(dynamic.get("parameters"), "postgresql.parameters");
        Map<String, Object> own = section(local.get("parameters"), "postgresql.parameters");
        merged.put("parameters", parameters(shared, own, warnings));
        roleParameters(merged, warnings);
        recovery(merged);
        YamlSection section = new YamlSection("postgresql", merged, places);
        return new Effective(PostgresSection.read(section, warnings), warnings);
    }

    private static Map<String, Object> section(Object value, String path) {
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map) {
            return DynamicConfig.keyed(map);
        }
        throw new ConfigException(path + " must be a mapping of keys; correct it");
    }

    /** Key by key; what is controlled never comes from the member. */
    private static Map<String, Object> parameters(
            Map<String, Object> shared, Map<String, Object> own, List<String> warnings) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (Map<String, Object> layer : List.of(shared, own)) {
            layer.forEach(
                    (name, value) -> {
                        if (value != null && !ControlledParameters.has(name)) {
                            parameters.put(name, value);
                        }
                    });
        }
        parameters.putAll(ControlledParameters.inForce(shared, warnings));
        return parameters;
    }

    private static void roleParameters(Map<String, Object> merged, List<String> warnings) {
        for (String role : PostgresSection.ROLES) {
            String key = "parameters_" + role;
            Map<String, Object> overlay = new LinkedHashMap<>();
            section(merged.get(key), "postgresql." + key)
                    .forEach(
                            (name, value) -> {
                                if (ControlledParameters.has(name)) {
                                    warnings.add(
                                            "postgresql."
                                                    + key
                                                    + ": "
                                                    + name
                                                    + " is the same for every role and is left"
                                                    + " out");
                                } else if (value != null) {
                                    overlay.put(name, value);
                                }
                            });
            merged.put(key, overlay);
        }
    }

    /** Recovery settings among the parameters take the place of {@code recovery_conf}. */
    private static void recovery(Map<String, Object> merged) {
        Map<String, Object> parameters =
                new LinkedHashMap<>(section(merged.get("parameters"), "postgresql.parameters"));
        Map<String, Object> recovery = new LinkedHashMap<>();
        parameters.forEach(
                (name, value) -> {
                    if (PostgresParameters.isRecovery(name)) {
                        recovery.put(name, value);
                    }
                });
        if (!recovery.isEmpty()) {
            parameters.keySet().removeAll(recovery.keySet());
            merged.put("recovery_conf", recovery);
            merged.put("parameters", parameters);
        }
    }
}
