package io.matriarch.engine.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which keys the local document may hold; finds those that it may not. */
final class ConfigSchema {
    /** The stores that the peer knows. */
    static final List<String> STORES =
            List.of("consul", "etcd", "etcd3", "exhibitor", "kubernetes", "raft", "zookeeper");

    /** Keys of the dynamic document. */
    static final Set<String> DYNAMIC =
            Set.of(
                    ("ttl loop_wait retry_timeout maximum_lag_on_failover maximum_lag_on_syncnode"
                                    + " check_timeline primary_start_timeout master_start_timeout"
                                    + " primary_stop_timeout master_stop_timeout primary_race_backoff"
                                    + " synchronous_mode synchronous_mode_strict synchronous_node_count"
                                    + " failsafe_mode pause max_timelines_history member_slots_ttl slots"
                                    + " permanent_slots permanent_replication_slots ignore_slots"
                                    + " standby_cluster postgresql")
                            .split(" "));

    private static final Set<String> TAGS =
            Set.of(
                    ("nofailover failover_priority noloadbalance clonefrom nosync sync_priority"
                                    + " replicatefrom nostream")
                            .split(" "));
    private static final Set<String> METHOD_WORDS =
            Set.of("command", "keep_data", "no_params", "no_leader");
    private static final Map<String, Set<String>> KNOWN = known();

    /** Keys of the peer that change nothing here, although their absence could surprise. */
    private static final List<String> WITHOUT_EFFECT =
            List.of(
                    "log.format",
                    "log.dateformat",
                    "log.static_fields",
                    "postgresql.krbsrvname",
                    "postgresql.use_unix_socket_repl",
                    "postgresql.pg_hba_primary",
                    "postgresql.pg_hba_replica",
                    "postgresql.pg_hba_standby_leader",
                    "postgresql.pg_ident_primary",
                    "postgresql.pg_ident_replica",
                    "postgresql.pg_ident_standby_leader");

    private final Places places;
    private final Set<String> stores;
    private final List<String> problems = new ArrayList<>();

    private ConfigSchema(Places places, Set<String> stores) {
        this.places = places;
        this.stores = stores;
    }

    /** Whether a key at the top of the document belongs to no store. */
    static boolean isKnown(String key) {
        return KNOWN.get("").contains(key) || DYNAMIC.contains(key);
    }

    /** Likewise, or it was probably meant to. */
    static boolean isNearlyKnown(String key) {
        return isKnown(key)
                || NearMiss.nearest(key, KNOWN.get("")).isPresent()
                || NearMiss.nearest(key, DYNAMIC).isPresent();
    }

    /** One sentence for each unknown key, with its place and what was probably meant. */
    static List<String> unknownKeys(
            Map<String, Object> document, Places places, Set<String> stores) {
        ConfigSchema schema = new ConfigSchema(places, stores);
        schema.check("", document);
        return schema.problems;
    }

    /** One sentence for each key that is understood by the peer but has no effect here. */
    static List<String> withoutEffect(Map<String, Object> document, Places places) {
        List<String> present = new ArrayList<>();
        for (String path : WITHOUT_EFFECT) {
            int dot = path.indexOf('.');
            if (document.get(path.substring(0, dot)) instanceof Map<?, ?> section
                    && section.get(path.substring(dot + 1)) != null) {
                present.add(
                        places.of(path)
                                + ": "
                                + path
                                + " is not supported and has no effect; remove it");
            }
        }
        return present;
    }

    private void check(String path, Map<String, Object> values) {
        Set<String> known = known(path);
        values.forEach(
                (key, value) -> {
                    String inner = path.isEmpty() ? key : path + "." + key;
                    if (!known.contains(key) && !allowed(path, values, key, value)) {
                        problems.add(sentence(inner, key, known));
                    } else if (value instanceof Map<?, ?> map && KNOWN.containsKey(inner)) {
                        check(inner, DynamicConfig.keyed(map));
                    }
                });
    }

    private Set<String> known(String path) {
        Set<String> known = new HashSet<>(KNOWN.get(path));
        if (path.isEmpty()) {
            known.addAll(stores);
            known.addAll(DYNAMIC);
        }
        return known;
    }

    /** Keys whose names an operator chooses. */
    private static boolean allowed(
            String path, Map<String, Object> values, String key, Object value) {
        switch (path) {
            case "tags":
                return NearMiss.nearest(key, TAGS).isEmpty();
            case "bootstrap":
                return key.equals(values.get("method")) || isMethod(value);
            case "postgresql":
            case "bootstrap.dcs.postgresql":
                return isMethod(value)
                        || listed(values.get("create_replica_methods"), key)
                        || listed(values.get("create_replica_method"), key);
            default:
                return false;
        }
    }

    private static boolean isMethod(Object value) {
        return value instanceof Map<?, ?> map
                && map.keySet().stream().anyMatch(METHOD_WORDS::contains);
    }

    private static boolean listed(Object methods, String key) {
        return methods instanceof List<?> list && list.contains(key);
    }

    private String sentence(String path, String key, Set<String> known) {
        Optional<String> meant = NearMiss.nearest(key, known);
        if (meant.isEmpty() && key.length() >= 4) {
            List<String> longer = known.stream().filter(word -> word.startsWith(key)).toList();
            meant = longer.size() == 1 ? Optional.of(longer.get(0)) : Optional.empty();
        }
        return places.of(path)
                + ": "
                + path
                + ": unknown key"
                + meant.map(word -> ", did you mean " + word + "?").orElse("");
    }

    private static Map<String, Set<String>> known() {
        Map<String, Set<String>> table = new HashMap<>();
        add(
                table,
                "",
                "name scope namespace thread_pool_size thread_stack_size log restapi ctl"
                        + " bootstrap postgresql watchdog tags citus");
        add(
                table,
                "log",
                "type level traceback_level format dateformat static_fields max_queue_size dir"
                        + " file_size file_num mode loggers deduplicate_heartbeat_logs");
        add(
                table,
                "restapi",
                "listen connect_address authentication auth certfile keyfile keyfile_password"
                        + " cafile ciphers verify_client allowlist allowlist_include_members"
                        + " http_extra_headers https_extra_headers server_tokens"
                        + " request_queue_size thread_pool_size");
        add(table, "restapi.authentication", "username password");
        add(table, "ctl", "insecure cacert certfile keyfile keyfile_password authentication auth");
        add(table, "ctl.authentication", "username password");
        add(table, "bootstrap", "dcs method initdb pg_hba post_bootstrap post_init users");
        table.put("bootstrap.dcs", DYNAMIC);
        add(table, "watchdog", "mode device safety_margin driver");
        table.put("tags", TAGS);
        for (String path : List.of("postgresql", "bootstrap.dcs.postgresql")) {
            postgresql(table, path);
        }
        add(
                table,
                "bootstrap.dcs.standby_cluster",
                "host port primary_slot_name create_replica_methods restore_command"
                        + " archive_cleanup_command recovery_min_apply_delay");
        stores(table);
        return table;
    }

    private static void postgresql(Map<String, Set<String>> table, String path) {
        String keys =
                "listen connect_address proxy_address data_dir config_dir config_base_name bin_dir"
                        + " bin_name database pgpass authentication parameters pg_hba pg_ident"
                        + " use_slots use_pg_rewind rewind remove_data_directory_on_rewind_failure"
                        + " remove_data_directory_on_diverged_timelines create_replica_methods"
                        + " create_replica_method basebackup recovery_conf custom_conf callbacks"
                        + " pre_promote before_stop pg_ctl_timeout use_unix_socket"
                        + " use_unix_socket_repl krbsrvname name replication superuser pg_rewind";
        Set<String> all = new HashSet<>(List.of(keys.split(" ")));
        for (String role : List.of("primary", "replica", "standby_leader")) {
            all.addAll(List.of("parameters_" + role, "pg_hba_" + role, "pg_ident_" + role));
        }
        table.put(path, all);
        add(
                table,
                path + ".bin_name",
                "pg_ctl initdb pg_controldata pg_basebackup postgres pg_isready pg_rewind");
        add(table, path + ".authentication", "superuser replication rewind");
        for (String role : List.of("superuser", "replication", "rewind")) {
            add(
                    table,
                    path + ".authentication." + role,
                    String.join(" ", EnvironmentVariables.AUTHENTICATION_KEYS));
        }
        add(table, path + ".callbacks", "on_start on_stop on_restart on_reload on_role_change");
    }

    private static void stores(Map<String, Set<String>> table) {
        String etcd =
                "host hosts url proxy srv srv_suffix port protocol username password cacert cert"
                        + " key use_proxies version_prefix discovery_srv srv_domain";
        add(table, "etcd", etcd);
        add(table, "etcd3", etcd);
        add(
                table,
                "consul",
                "host url port scheme token verify cacert cert key dc consistency checks"
                        + " register_service service_tags service_check_interval"
                        + " service_check_tls_server_name");
        add(
                table,
                "zookeeper",
                "hosts use_ssl cacert cert key key_password verify set_acls auth_data exhibitor");
        add(table, "exhibitor", "hosts port poll_interval");
        add(
                table,
                "kubernetes",
                "labels namespace scope_label role_label leader_label_value"
                        + " follower_label_value standby_leader_label_value tmp_role_label"
                        + " use_endpoints pod_ip ports bypass_api_service cacert"
                        + " retriable_http_codes bootstrap_labels context");
    }

    private static void add(Map<String, Set<String>> table, String path, String keys) {
        table.put(path, Set.of(keys.split(" ")));
    }
}
