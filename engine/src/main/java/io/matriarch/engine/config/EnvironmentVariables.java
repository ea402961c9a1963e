package io.matriarch.engine.config;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Variables as a document that is merged over the file. {@code PATRONI_*} names are those of the
 * peer; {@code MATRIARCH_*} are synonyms and win; {@code MATRIARCH_CFG__a__b} sets any key to a
 * YAML value. Empty variables count as unset.
 */
final class EnvironmentVariables {
    /** How a variable's text becomes a value. */
    private enum Kind {
        TEXT,
        INTEGER,
        NUMBER,
        FLAG,
        LIST,
        MAPPING,
        FORMAT
    }

    private record Target(String path, Kind kind) {}

    static final List<String> AUTHENTICATION_KEYS =
            List.of(
                    ("username password sslmode sslcert sslkey sslpassword sslrootcert sslcrl"
                                    + " sslcrldir gssencmode channel_binding sslnegotiation")
                            .split(" "));

    private static final Map<String, Target> FIXED = fixed();
    private static final Map<String, Kind> SUFFIXES = suffixes();
    private static final Pattern GENERIC = Pattern.compile("([A-Z0-9]+)_([A-Z0-9_]+)");
    private static final String ANY_KEY = "MATRIARCH_CFG__";

    private final Set<String> sections;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<String, String> places = new HashMap<>();

    private EnvironmentVariables(Set<String> sections) {
        this.sections = sections;
    }

    /** A document, and the variable that each of its keys came from. */
    record Document(Map<String, Object> values, Map<String, String> places) {}

    /**
     * @param sections the words that {@code PATRONI_WORD_SUFFIX} may name, in lower case
     */
    static Document read(Map<String, String> environment, Set<String> sections) {
        EnvironmentVariables variables = new EnvironmentVariables(sections);
        Map<String, String> sorted = new TreeMap<>(environment);
        for (String prefix : List.of("PATRONI_", "MATRIARCH_")) {
            sorted.forEach(
                    (name, text) -> {
                        if (name.startsWith(prefix) && !text.isEmpty()) {
                            variables.take(name, name.substring(prefix.length()), text);
                        }
                    });
        }
        return new Document(variables.values, variables.places);
    }

    private void take(String variable, String name, String text) {
        Target target = FIXED.get(name);
        if (variable.startsWith(ANY_KEY)) {
            String path = variable.substring(ANY_KEY.length()).replace("__", ".");
            put(variable, path, YamlText.parse(variable, text).value());
        } else if (target != null) {
            put(variable, target.path, converted(variable, text, target.kind));
        } else {
            generic(variable, name, text);
        }
    }

    private void generic(String variable, String name, String text) {
        Matcher matcher = GENERIC.matcher(name);
        if (!matcher.matches()) {
            return;
        }
        String section = matcher.group(1).toLowerCase(Locale.ROOT);
        Kind kind = SUFFIXES.get(matcher.group(2));
        if (kind != null && sections.contains(section)) {
            String key = matcher.group(2).toLowerCase(Locale.ROOT);
            put(variable, section + "." + key, converted(variable, text, kind));
        }
    }

    @SuppressWarnings("unchecked")
    private void put(String variable, String path, Object value) {
        String[] keys = path.split("\\.");
        Map<String, Object> map = values;
        for (int i = 0; i < keys.length - 1; i++) {
            Object inner = map.get(keys[i]);
            if (!(inner instanceof Map)) {
                inner = new LinkedHashMap<String, Object>();
                map.put(keys[i], inner);
            }
            map = (Map<String, Object>) inner;
        }
        // Old names (PATRONI_LOGLEVEL) sort before the new ones, so that the new ones win.
        map.put(keys[keys.length - 1], value);
        places.put(path, "environment variable " + variable);
    }

    private static Object converted(String variable, String text, Kind kind) {
        switch (kind) {
            case INTEGER:
                return wanted(variable, YamlText.parse(variable, text).value(), Number.class);
            case NUMBER:
                return GucNumber.real(text, "").orElseThrow(() -> wrong(variable, "a number"));
            case FLAG:
                return Words.flag(text).orElseThrow(() -> wrong(variable, "a boolean"));
            case LIST:
                boolean isList = text.matches("(?s)\\s*(\\[|- ).*");
                String list = isList ? text : "[" + text + "]";
                return wanted(variable, YamlText.parse(variable, list).value(), List.class);
            case MAPPING:
                String map = text.matches("(?s)\\s*\\{.*") ? text : "{" + text + "}";
                return wanted(variable, YamlText.parse(variable, map).value(), Map.class);
            case FORMAT:
                return text.matches("(?s).*%\\(\\w+\\).*")
                        ? text
                        : converted(variable, text, Kind.LIST);
            default:
                return text;
        }
    }

    private static Object wanted(String variable, Object value, Class<?> type) {
        if (type.isInstance(value)) {
            return value;
        }
        String what =
                type == Number.class
                        ? "a whole number"
                        : type == List.class ? "a list" : "a mapping";
        throw wrong(variable, what);
    }

    private static ConfigException wrong(String variable, String wanted) {
        return new ConfigException(
                "environment variable " + variable + " must be " + wanted + "; correct it");
    }

    private static Map<String, Target> fixed() {
        Map<String, Target> table = new HashMap<>();
        add(table, "", "", Kind.TEXT, "name namespace scope thread_pool_size thread_stack_size");
        add(
                table,
                "RESTAPI_",
                "restapi.",
                Kind.TEXT,
                "listen connect_address certfile keyfile keyfile_password cafile ciphers"
                        + " verify_client server_tokens");
        add(table, "RESTAPI_", "restapi.", Kind.INTEGER, "request_queue_size thread_pool_size");
        add(table, "RESTAPI_", "restapi.", Kind.LIST, "allowlist");
        add(table, "RESTAPI_", "restapi.", Kind.FLAG, "allowlist_include_members");
        add(table, "RESTAPI_", "restapi.", Kind.MAPPING, "http_extra_headers https_extra_headers");
        add(table, "RESTAPI_", "restapi.authentication.", Kind.TEXT, "username password");
        add(table, "CTL_", "ctl.", Kind.FLAG, "insecure");
        add(table, "CTL_", "ctl.", Kind.TEXT, "cacert certfile keyfile keyfile_password");
        add(table, "CTL_", "ctl.authentication.", Kind.TEXT, "username password");
        add(
                table,
                "POSTGRESQL_",
                "postgresql.",
                Kind.TEXT,
                "listen connect_address proxy_address config_dir data_dir pgpass bin_dir");
        add(
                table,
                "POSTGRESQL_BIN_",
                "postgresql.bin_name.",
                Kind.TEXT,
                "pg_ctl initdb pg_controldata pg_basebackup postgres pg_isready pg_rewind");
        for (String role : List.of("replication", "superuser", "rewind")) {
            add(
                    table,
                    role.toUpperCase(Locale.ROOT) + "_",
                    "postgresql.authentication." + role + ".",
                    Kind.TEXT,
                    String.join(" ", AUTHENTICATION_KEYS));
        }
        logging(table);
        raft(table);
        for (String store : List.of("etcd", "etcd3")) {
            String prefix = store.toUpperCase(Locale.ROOT) + "_";
            add(table, prefix, store + ".", Kind.TEXT, "username password");
        }
        return table;
    }

    private static void logging(Map<String, Target> table) {
        add(table, "LOG_", "log.", Kind.TEXT, "type level traceback_level dateformat dir");
        add(table, "LOG_", "log.", Kind.FORMAT, "format");
        add(table, "LOG_", "log.", Kind.INTEGER, "max_queue_size file_size file_num mode");
        add(table, "LOG_", "log.", Kind.MAPPING, "static_fields loggers");
        add(table, "LOG_", "log.", Kind.FLAG, "deduplicate_heartbeat_logs");
        table.put("LOGLEVEL", new Target("log.level", Kind.TEXT));
        table.put("LOGFORMAT", new Target("log.format", Kind.FORMAT));
        table.put("LOG_DATEFMT", new Target("log.dateformat", Kind.TEXT));
    }

    private static void raft(Map<String, Target> table) {
        add(table, "RAFT_", "raft.", Kind.TEXT, "data_dir self_addr bind_addr password");
        add(table, "RAFT_", "raft.", Kind.LIST, "partner_addrs");
        add(
                table,
                "RAFT_",
                "raft.",
                Kind.NUMBER,
                "min_timeout max_timeout connection_timeout append_entries_period"
                        + " connection_retry_time leader_fallback_timeout");
    }

    private static void add(
            Map<String, Target> table, String prefix, String path, Kind kind, String keys) {
        for (String key : keys.split(" ")) {
            table.put(prefix + key.toUpperCase(Locale.ROOT), new Target(path + key, kind));
        }
    }

    private static Map<String, Kind> suffixes() {
        Map<String, Kind> table = new HashMap<>();
        String texts =
                "HOST PROTOCOL SRV SRV_SUFFIX URL PROXY CACERT CERT KEY KEY_PASSWORD TOKEN DC"
                        + " CONSISTENCY SERVICE_CHECK_INTERVAL SERVICE_CHECK_TLS_SERVER_NAME NAMESPACE"
                        + " CONTEXT SCOPE_LABEL ROLE_LABEL POD_IP LEADER_LABEL_VALUE"
                        + " FOLLOWER_LABEL_VALUE STANDBY_LEADER_LABEL_VALUE TMP_ROLE_LABEL DATABASE"
                        + " SCHEME";
        for (String suffix : texts.split(" ")) {
            table.put(suffix, Kind.TEXT);
        }
        for (String suffix : List.of("PORT", "GROUP")) {
            table.put(suffix, Kind.INTEGER);
        }
        for (String suffix : "HOSTS PORTS CHECKS SERVICE_TAGS RETRIABLE_HTTP_CODES".split(" ")) {
            table.put(suffix, Kind.LIST);
        }
        for (String suffix : "LABELS SET_ACLS AUTH_DATA BOOTSTRAP_LABELS".split(" ")) {
            table.put(suffix, Kind.MAPPING);
        }
        String flags =
                "USE_PROXIES REGISTER_SERVICE USE_ENDPOINTS BYPASS_API_SERVICE VERIFY USE_SSL";
        for (String suffix : flags.split(" ")) {
            table.put(suffix, Kind.FLAG);
        }
        return table;
    }
}
