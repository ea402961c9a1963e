package io.matriarch.engine.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Typed access to one mapping of the configuration. A value of the wrong type is a {@link
 * ConfigException} that names its place; values themselves are not shown, they may be secrets.
 */
final class YamlSection {
    private final String path;
    private final Map<String, Object> values;
    private final Places places;

    YamlSection(String path, Map<String, Object> values, Places places) {
        this.path = path;
        this.values = values;
        this.places = places;
    }

    Map<String, Object> values() {
        return values;
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    Optional<Object> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** A scalar; absent if empty. */
    Optional<String> text(String key) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!Words.isScalar(value)) {
            throw wrong(key, "text");
        }
        return Optional.of(value.toString()).filter(text -> !text.isEmpty());
    }

    boolean flag(String key, boolean otherwise) {
        Object value = values.get(key);
        return value == null
                ? otherwise
                : Words.flag(value).orElseThrow(() -> wrong(key, "a boolean"));
    }

    long integer(String key, long otherwise) {
        Object value = values.get(key);
        return value == null
                ? otherwise
                : Words.integer(value).orElseThrow(() -> wrong(key, "a whole number"));
    }

    /** A YAML list of scalars. */
    List<String> lines(String key) {
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> items) || !items.stream().allMatch(Words::isScalar)) {
            throw wrong(key, "a list of texts");
        }
        return items.stream().filter(item -> item != null).map(String::valueOf).toList();
    }

    /** A YAML list, or comma-separated text. */
    List<String> list(String key) {
        Object value = values.get(key);
        return value instanceof List || value == null
                ? lines(key)
                : Words.split(text(key).orElse(""));
    }

    /** A mapping; an absent one, or one without a value, is empty. */
    YamlSection section(String key) {
        Object value = values.get(key);
        if (value == null) {
            return new YamlSection(pathOf(key), Map.of(), places);
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(key, "a mapping of keys");
        }
        return new YamlSection(pathOf(key), DynamicConfig.keyed(map), places);
    }

    /** A mapping of scalars as text, in file order, without those that have no value. */
    Map<String, String> texts(String key) {
        YamlSection section = section(key);
        Map<String, String> texts = new LinkedHashMap<>();
        section.values.forEach(
                (name, value) -> {
                    if (value != null && !Words.isScalar(value)) {
                        throw section.wrong(name, "text");
                    }
                    if (value != null) {
                        texts.put(name, value.toString());
                    }
                });
        return texts;
    }

    Optional<HostPort> hostPort(String key, int defaultPort) {
        return text(key)
                .map(
                        text -> {
                            try {
                                return HostPort.parse(text, defaultPort);
                            } catch (IllegalArgumentException e) {
                                throw new ConfigException(
                                        place(key)
                                                + ": "
                                                + pathOf(key)
                                                + " must be host:port, but is \""
                                                + text
                                                + "\"; correct it",
                                        e);
                            }
                        });
    }

    /** One of several words, in lower case. */
    String word(String key, String otherwise, List<String> allowed) {
        String word = text(key).orElse(otherwise).toLowerCase(java.util.Locale.ROOT);
        if (!allowed.contains(word)) {
            throw wrong(key, "one of " + String.join(", ", allowed));
        }
        return word;
    }

    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    String place(String key) {
        return places.of(pathOf(key));
    }

    ConfigException missing(String key, String what) {
        List<String> variable = new ArrayList<>(List.of("PATRONI"));
        variable.addAll(List.of(pathOf(key).toUpperCase(java.util.Locale.ROOT).split("\\.")));
        return new ConfigException(
                places.otherwise()
                        + ": "
                        + pathOf(key)
                        + " is missing; set it to "
                        + what
                        + ", in the file or as "
                        + String.join("_", variable));
    }

    ConfigException wrong(String key, String wanted) {
        return new ConfigException(
                place(key)
                        + ": "
                        + pathOf(key)
                        + " must be "
                        + wanted
                        + ", but is "
                        + kind(values.get(key))
                        + "; correct it");
    }

    private static String kind(Object value) {
        if (value instanceof Map) {
            return "a mapping";
        }
        if (value instanceof List) {
            return "a list";
        }
        if (value instanceof Boolean) {
            return "a boolean";
        }
        return value instanceof Number ? "another number" : "other text";
    }
}
