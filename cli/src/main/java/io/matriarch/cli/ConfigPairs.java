package io.matriarch.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.error.YAMLException;

/** Pairs {@code path=value} of {@code edit-config}, applied one after another. */
final class ConfigPairs {
    private static final String PARAMETERS = "postgresql.parameters.";

    private ConfigPairs() {}

    /**
     * @return a changed copy; empty parents are gone from it
     * @throws CtlError if the pair has no {@code =}
     */
    static Map<String, Object> apply(Map<String, Object> document, String pair) {
        int equals = pair.indexOf('=');
        if (equals <= 0 || pair.substring(0, equals).isBlank()) {
            throw new CtlError("Invalid parameter setting " + pair);
        }
        return put(document, path(pair.substring(0, equals).strip()), value(pair, equals));
    }

    /** The pair of {@code --pg}: a server parameter. */
    static String parameter(String pair) {
        return PARAMETERS + pair;
    }

    /** Dots separate levels, except in the name of a server parameter, which may hold some. */
    private static List<String> path(String text) {
        if (text.startsWith(PARAMETERS)) {
            List<String> path = new ArrayList<>(List.of("postgresql", "parameters"));
            path.add(text.substring(PARAMETERS.length()));
            return path;
        }
        return List.of(text.split("\\.", -1));
    }

    private static Object value(String pair, int equals) {
        try {
            return YamlText.parse(pair.substring(equals + 1));
        } catch (YAMLException e) {
            throw new CtlError(
                    "Invalid parameter setting " + pair + ": " + YamlText.oneLine(e.getMessage()),
                    e);
        }
    }

    private static Map<String, Object> put(
            Map<String, Object> document, List<String> path, Object value) {
        Map<String, Object> copy = new LinkedHashMap<>(document);
        String key = path.get(0);
        if (path.size() == 1) {
            if (value == null) {
                copy.remove(key);
            } else {
                copy.put(key, value);
            }
            return copy;
        }
        Map<String, Object> inner =
                put(mapping(copy.get(key)), path.subList(1, path.size()), value);
        if (inner.isEmpty()) {
            copy.remove(key);
        } else {
            copy.put(key, inner);
        }
        return copy;
    }

    /** A scalar in the way of a path gives place to a mapping. */
    private static Map<String, Object> mapping(Object value) {
        Map<String, Object> mapping = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> mapping.put(String.valueOf(key), item));
        }
        return mapping;
    }
}
