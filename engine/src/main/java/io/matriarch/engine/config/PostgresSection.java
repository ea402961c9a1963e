package io.matriarch.engine.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a merged {@code postgresql} section into its record. */
final class PostgresSection {
    /** Suffixes of what an operator may set for one role. */
    static final List<String> ROLES = List.of("primary", "replica", "standby_leader");

    private static final int PORT = 5432;
    private static final long START_TIMEOUT = 60;
    private static final Set<String> LOOPBACK =
            Set.of("*", "localhost", "0.0.0.0", "127.0.0.1", "::");

    private PostgresSection() {}

    static PostgresConfig read(YamlSection section, List<String> warnings) {
        HostPort listen =
                section.hostPort("listen", PORT)
                        .orElseThrow(() -> section.missing("listen", "host:port"));
        Optional<HostPort> connect = section.hostPort("connect_address", PORT);
        String dataDir =
                section.text("data_dir")
                        .map(PostgresSection::absolute)
                        .orElseThrow(() -> section.missing("data_dir", "a directory"));
        String configDir =
                section.text("config_dir").map(PostgresSection::absolute).orElse(dataDir);
        Map<String, Credentials> roles = credentials(section);
        List<String> methods = methods(section);
        return new PostgresConfig(
                listen,
                connect.orElseGet(() -> local(listen)),
                section.hostPort("proxy_address", PORT),
                dataDir,
                configDir,
                section.text("config_base_name").orElse("postgresql"),
                section.text("bin_dir").orElse(""),
                section.texts("bin_name"),
                section.text("database").orElse("postgres"),
                section.text("pgpass")
                        .map(PostgresSection::absolute)
                        .orElseGet(() -> absolute(System.getProperty("user.home") + "/pgpass")),
                roles.get("superuser"),
                roles.get("replication"),
                roles.get("rewind"),
                parameters(section, configDir),
                roleParameters(section),
                AccessRules.normalised(section.lines("pg_hba"), "postgresql.pg_hba", warnings),
                section.lines("pg_ident"),
                section.text("custom_conf"),
                gucs(section.section("recovery_conf")),
                section.texts("callbacks"),
                section.text("pre_promote"),
                section.text("before_stop"),
                startTimeout(section, warnings),
                section.flag("use_pg_rewind", false),
                CommandOptions.rewind(section.values().get("rewind"), warnings),
                section.flag("remove_data_directory_on_rewind_failure", false),
                section.flag("remove_data_directory_on_diverged_timelines", false),
                section.flag("use_slots", true),
                methods,
                methodSections(section, methods),
                CommandOptions.basebackup(section.values().get("basebackup"), warnings),
                section.flag("use_unix_socket", false));
    }

    private static String absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize().toString();
    }

    /** The address that this member itself would use. */
    private static HostPort local(HostPort listen) {
        String host =
                listen.hosts().stream().anyMatch(LOOPBACK::contains) ? "localhost" : listen.host();
        return new HostPort(List.of(host), listen.port());
    }

    private static Map<String, Credentials> credentials(YamlSection section) {
        YamlSection roles = section.section("authentication");
        Credentials superuser = credentials(roles, "superuser");
        Credentials rewind = credentials(roles, "rewind");
        return Map.of(
                "superuser",
                superuser,
                "replication",
                credentials(roles, "replication"),
                "rewind",
                rewind.values().isEmpty() ? superuser : rewind);
    }

    /** Other keys, which old files carry, are dropped as the peer does. */
    private static Credentials credentials(YamlSection roles, String role) {
        YamlSection section = roles.section(role);
        Map<String, String> values = new LinkedHashMap<>();
        for (String key : EnvironmentVariables.AUTHENTICATION_KEYS) {
            section.text(key).ifPresent(text -> values.put(key, text));
        }
        return new Credentials(values);
    }

    private static Map<String, String> parameters(YamlSection section, String configDir) {
        Map<String, String> parameters = gucs(section.section("parameters"));
        for (String key : List.of("hba_file", "ident_file")) {
            String file = "pg_" + key.replace("_file", ".conf");
            String value = parameters.get(key);
            String usual = Path.of(configDir, file).toString();
            if (value != null) {
                String path = Path.of(configDir).resolve(value).normalize().toString();
                parameters.put(key, path);
                parameters.remove(key, usual);
            }
        }
        return parameters;
    }

    private static Map<String, Map<String, String>> roleParameters(YamlSection section) {
        Map<String, Map<String, String>> overlays = new LinkedHashMap<>();
        for (String role : ROLES) {
            Map<String, String> overlay = gucs(section.section("parameters_" + role));
            if (!overlay.isEmpty()) {
                overlays.put(role, overlay);
            }
        }
        return overlays;
    }

    /** Values as PostgreSQL reads them, in the order of the file. */
    static Map<String, String> gucs(YamlSection section) {
        Map<String, String> gucs = new LinkedHashMap<>();
        section.values()
                .forEach(
                        (name, value) -> {
                            if (value instanceof Map) {
                                throw section.wrong(name, "a value");
                            }
                            if (value != null) {
                                gucs.put(name, Words.guc(value));
                            }
                        });
        return gucs;
    }

    private static Duration startTimeout(YamlSection section, List<String> warnings) {
        Optional<Object> value = section.value("pg_ctl_timeout");
        Optional<Long> seconds = value.flatMap(Words::integer).filter(n -> n >= 0);
        if (value.isPresent() && seconds.isEmpty()) {
            warnings.add(
                    "postgresql.pg_ctl_timeout must be a number of seconds; "
                            + START_TIMEOUT
                            + " is used instead");
        }
        return Duration.ofSeconds(seconds.orElse(START_TIMEOUT));
    }

    private static List<String> methods(YamlSection section) {
        List<String> methods =
                section.list(
                        section.has("create_replica_methods")
                                ? "create_replica_methods"
                                : "create_replica_method");
        return methods.isEmpty() ? List.of("basebackup") : methods;
    }

    private static Map<String, Map<String, Object>> methodSections(
            YamlSection section, List<String> methods) {
        Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
        for (String method : methods) {
            if (!method.equals("basebackup")) {
                sections.put(method, section.section(method).values());
            }
        }
        return sections;
    }
}
