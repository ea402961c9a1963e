package io.matriarch.daemon.http;

import io.matriarch.engine.model.Settings;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * What the server needs to know of the dynamic configuration.
 *
 * @param settings what a document means
 * @param patch a document, and what is merged into it: null removes, objects are merged, anything
 *     else replaces
 */
public record DynamicRules(
        Function<Map<String, Object>, Settings> settings,
        BinaryOperator<Map<String, Object>> patch) {
    public DynamicRules {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(patch, "patch");
    }
}
