package io.matriarch.engine.rest;

import io.matriarch.engine.config.ConfigException;
import io.matriarch.engine.config.DynamicConfig;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a view's dynamic configuration means to somebody who only looks at the cluster. */
public final class ClusterSettings {
    private static final List<String> TIMING = List.of("ttl", "loop_wait", "retry_timeout");

    private ClusterSettings() {}

    /** Unusable timing becomes the default timing: the rest of the document is in force anyway. */
    public static Settings of(ClusterView view) {
        Map<String, Object> document = view.config().orElse(Map.of());
        try {
            return DynamicConfig.settings(document).settings();
        } catch (ConfigException e) {
            Map<String, Object> usable = new LinkedHashMap<>(document);
            TIMING.forEach(usable::remove);
            return DynamicConfig.settings(usable).settings();
        }
    }
}
