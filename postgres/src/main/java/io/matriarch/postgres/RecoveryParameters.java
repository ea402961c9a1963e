package io.matriarch.postgres;

import io.matriarch.engine.config.PostgresConfig;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.port.Upstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The recovery section of postgresql.conf: what makes a standby follow whom. */
final class RecoveryParameters {
    /** Parameters that are set here and nowhere else. */
    static final List<String> NAMES =
            List.of(
                    "archive_cleanup_command",
                    "primary_conninfo",
                    "primary_slot_name",
                    "promote_trigger_file",
                    "recovery_end_command",
                    "recovery_min_apply_delay",
                    "recovery_target",
                    "recovery_target_action",
                    "recovery_target_inclusive",
                    "recovery_target_lsn",
                    "recovery_target_name",
                    "recovery_target_time",
                    "recovery_target_timeline",
                    "recovery_target_xid",
                    "restore_command");

    /** Emptied, so that no included file can pause, promote or stop a standby. */
    private static final List<String> TARGETS =
            List.of(
                    "recovery_target",
                    "recovery_target_name",
                    "recovery_target_time",
                    "recovery_target_xid",
                    "recovery_target_lsn");

    private static final int LAST_WITH_TRIGGER_FILE = 15;

    private final Instance instance;

    RecoveryParameters(Instance instance) {
        this.instance = instance;
    }

    /** Also writes the password file that primary_conninfo names. */
    Map<String, String> build(Optional<Upstream> upstream) throws IOException {
        PostgresConfig config = instance.config();
        int major = instance.directory().major();
        Map<String, String> values = new LinkedHashMap<>();
        config.recoveryConf()
                .forEach(
                        (name, value) -> {
                            if (mayBeConfigured(name, major)) {
                                values.put(name, value);
                            }
                        });
        values.putAll(ofPrimary());
        Optional<Upstream> other =
                upstream.filter(each -> !each.member().equals(instance.setup().memberName()));
        if (other.isPresent()) {
            values.put("primary_conninfo", connInfo(config, other.get(), major));
            if (config.useSlots()) {
                values.put("primary_slot_name", SlotName.of(instance.setup().memberName()));
            }
        }
        return values;
    }

    /**
     * What a primary has in common with the standby that it was: the server complains of a
     * parameter that leaves the file and can only change at a start, also if its value stays the
     * same.
     */
    static Map<String, String> ofPrimary() {
        Map<String, String> values = new LinkedHashMap<>();
        TARGETS.forEach(name -> values.put(name, ""));
        values.put("recovery_target_timeline", "latest");
        return values;
    }

    private static boolean mayBeConfigured(String name, int major) {
        return NAMES.contains(name)
                && !name.startsWith("recovery_target")
                && !name.equals("primary_conninfo")
                && !name.equals("primary_slot_name")
                && (!name.equals("promote_trigger_file") || major <= LAST_WITH_TRIGGER_FILE);
    }

    private String connInfo(PostgresConfig config, Upstream upstream, int major)
            throws IOException {
        Map<String, String> keys =
                Addresses.remote(config, upstream.connUrl(), config.replication());
        keys.put("application_name", instance.setup().memberName());
        keys.putIfAbsent("sslmode", "prefer");
        keys.putIfAbsent("gssencmode", "prefer");
        keys.putIfAbsent("channel_binding", "prefer");
        if (keys.containsKey("password")) {
            Path file = Path.of(config.pgpass());
            String lines = PasswordFile.lines(keys);
            if (ServerFiles.read(file).filter(lines::equals).isEmpty()) {
                instance.files().writePrivate(file, lines);
            }
            keys.put("passfile", config.pgpass());
            keys.remove("password");
        }
        return ConnInfo.write(keys, major);
    }

    /**
     * Whom a primary_conninfo names, with the name of the member that publishes this address. A
     * member nobody knows has an empty name.
     */
    Optional<Upstream> upstreamOf(String connInfo) {
        Map<String, String> keys = ConnInfo.read(connInfo);
        String host = keys.getOrDefault("host", "");
        if (host.isEmpty()) {
            return Optional.empty();
        }
        String port = keys.getOrDefault("port", "5432");
        return instance.view().stream()
                .flatMap(view -> view.members().values().stream())
                .filter(member -> publishes(member, host, port))
                .findFirst()
                .map(member -> new Upstream(member.name(), member.connUrl().orElseThrow()))
                .or(() -> Optional.of(unknown(host, port, keys)));
    }

    private Upstream unknown(String host, String port, Map<String, String> keys) {
        String name = host.contains(":") ? "[" + host + "]" : host;
        String database = keys.getOrDefault("dbname", instance.config().database());
        return new Upstream("", "postgres://" + name + ":" + port + "/" + database);
    }

    private boolean publishes(Member member, String host, String port) {
        try {
            return member.connUrl()
                    .map(url -> ConnInfo.ofUrl(url, instance.config().database()))
                    .filter(keys -> host.equals(keys.get("host")) && port.equals(keys.get("port")))
                    .isPresent();
        } catch (IllegalArgumentException e) {
            return false; // another member published nonsense: it is not the one
        }
    }
}
