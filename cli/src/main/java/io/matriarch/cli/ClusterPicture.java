package io.matriarch.cli;

import io.matriarch.engine.config.DynamicConfig;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.rest.ClusterDocument;
import java.util.ArrayList;
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

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> members() {
        return (List<Map<String, Object>>) document().get("members");
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
