package io.matriarch.engine.config;

import java.util.HashMap;
import java.util.Map;

/**
 * Where each key was written.
 *
 * @param byPath dotted path to {@code file:line} or a variable
 * @param otherwise what to say for a key that has no place of its own
 */
record Places(Map<String, String> byPath, String otherwise) {
    Places {
        byPath = Map.copyOf(byPath);
    }

    String of(String path) {
        return byPath.getOrDefault(path, otherwise);
    }

    /** The other's places win. */
    Places with(Map<String, String> later) {
        Map<String, String> both = new HashMap<>(byPath);
        both.putAll(later);
        return new Places(both, otherwise);
    }
}
