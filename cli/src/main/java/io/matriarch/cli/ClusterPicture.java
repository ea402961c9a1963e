package io.matriarch.cli;

import io.matriarch.engine.codec.Json;
import io.matriarch.engine.config.DynamicConfig;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.rest.ClusterDocument;
import io.matriarch.spi.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One read of a cluster, and what the tool makes of it.
 *
 * @param cluster its name
 */
record ClusterPicture(String cluster, ClusterView view) {
    Settings settings() {
        return DynamicConfig.settings(view.config().orElse(Map.of())).settings();
    }

    Map<String, Object> document() {
        return ClusterDocument.of(view, settings(), cluster);
    }

    /** The members of the document, as the tool shows them. */
    List<Map<String, Object>> members() {
        List<Map<String, Object>> members = new ArrayList<>();
        if (document().get("members") instanceof List<?> documents) {
            documents.forEach(document -> members.add(member((Map<?, ?>) document)));
        }
        return members;
    }

    private Map<String, Object> member(Map<?, ?> document) {
        Map<String, Object> member = new LinkedHashMap<>();
        document.forEach((key, value) -> member.put(String.valueOf(key), value));
        if (isRestartPending(String.valueOf(member.get("name")))) {
            member.put("pending_restart", true);
        }
        return member;
    }

    /**
     * Whether the member waits for a restart. Daemons before 3.3 publish the flag without the
     * parameters, which the view is made of, so the record itself is asked.
     */
    boolean isRestartPending(String name) {
        Entry entry = view.snapshot().members().get(name);
        try {
            return entry != null
                    && Boolean.TRUE.equals(Json.object(entry.text()).get("pending_restart"));
        } catch (IllegalArgumentException e) {
            // A record that is no JSON publishes nothing.
            return false;
        }
    }

    /** The system identifier, or how far the cluster is from having one. */
    String identity() {
        String key = view.initialize().orElse("uninitialized");
        return key.isEmpty() ? "initializing" : key;
    }

    /** The lines below the table. */
    List<String> footer() {
        Map<String, Object> document = document();
        List<String> lines = new ArrayList<>();
        if (document.containsKey("pause")) {
            lines.add(" Maintenance mode: on");
        }
        if (document.get("scheduled_switchover") instanceof Map<?, ?> switchover) {
            lines.add(" Switchover scheduled at: " + switchover.get("at"));
            for (String end : List.of("from", "to")) {
                if (switchover.containsKey(end)) {
                    lines.add(String.format("%24s: %s", end, switchover.get(end)));
                }
            }
        }
        return lines;
    }

    /** Whether this cluster follows another one. */
    boolean isStandbyCluster() {
        return settings().document().get("standby_cluster") instanceof Map<?, ?> section
                && List.of("host", "port", "restore_command").stream()
                        .anyMatch(key -> section.get(key) != null);
    }
}
