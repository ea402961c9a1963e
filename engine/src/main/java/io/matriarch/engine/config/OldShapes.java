package io.matriarch.engine.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Shapes of the document that older versions of the peer read, brought to today's. */
final class OldShapes {
    private OldShapes() {}

    static Map<String, Object> renewed(Map<String, Object> document) {
        Map<String, Object> renewed = new LinkedHashMap<>(document);
        if (renewed.get("zookeeper") instanceof Map<?, ?> zookeeper
                && zookeeper.get("exhibitor") != null) {
            renewed.remove("zookeeper");
            renewed.putIfAbsent("exhibitor", zookeeper.get("exhibitor"));
        }
        if (renewed.get("postgresql") instanceof Map<?, ?> section) {
            Map<String, Object> postgresql = DynamicConfig.keyed(section);
            Object name = postgresql.remove("name");
            if (name != null) {
                renewed.putIfAbsent("name", name);
            }
            authentication(postgresql);
            renewed.put("postgresql", postgresql);
        }
        return renewed;
    }

    private static void authentication(Map<String, Object> postgresql) {
        boolean old =
                postgresql.get("authentication") == null
                        && (postgresql.get("replication") instanceof Map
                                || postgresql.get("superuser") instanceof Map
                                || postgresql.get("pg_rewind") instanceof Map);
        if (!old) {
            return;
        }
        Map<String, Object> roles = new LinkedHashMap<>();
        Map.of("replication", "replication", "superuser", "superuser", "pg_rewind", "rewind")
                .forEach(
                        (before, now) -> {
                            Object role = postgresql.remove(before);
                            if (role != null) {
                                roles.put(now, role);
                            }
                        });
        postgresql.put("authentication", roles);
        if (roles.containsKey("rewind")) {
            postgresql.put("use_pg_rewind", true);
        }
    }
}
