package io.matriarch.spi;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Typed access to a backend's section of the YAML. A value of the wrong type is a {@link
 * DcsException.Misconfigured} whose message names the key. Immutable.
 */
public final class Section {
    private final String name;
    private final Map<String, Object> values;

    /**
     * @param name the section as the operator wrote it, for messages
     * @param values scalars, lists and maps as parsed; never null values
     */
    public Section(String name, Map<String, Object> values) {
        this.name = Objects.requireNonNull(name);
        this.values = Map.copyOf(values);
    }

    public String name() {
        return name;
    }

    /** The same section with one key more, or with another value of it. */
    public Section with(String key, Object value) {
        Map<String, Object> changed = new HashMap<>(values);
        changed.put(key, value);
        return new Section(name, changed);
    }

    /** A scalar as text; empty text counts as absent. */
    public Optional<String> text(String key) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Map || value instanceof List) {
            throw wrong(key, "text");
        }
        return Optional.of(value.toString().trim()).filter(text -> !text.isEmpty());
    }

    /** The first of several spellings of a key that is present. */
    public Optional<String> firstText(String... keys) {
        return Arrays.stream(keys).flatMap(key -> text(key).stream()).findFirst();
    }

    /** A YAML list, or comma-separated text. */
    public List<String> list(String key) {
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> items) {
            return items.stream()
                    .map(String::valueOf)
                    .map(String::trim)
                    .collect(Collectors.toList());
        }
        if (value instanceof Map) {
            throw wrong(key, "a list or comma-separated text");
        }
        return Arrays.stream(value.toString().split(","))
                .map(String::trim)
                .filter(item -> !item.isEmpty())
                .collect(Collectors.toList());
    }

    /** on/true/yes/1 or off/false/no/0 in any case. */
    public boolean flag(String key, boolean otherwise) {
        Object value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        switch (value.toString().toLowerCase(java.util.Locale.ROOT)) {
            case "on":
            case "true":
            case "yes":
            case "1":
                return true;
            case "off":
            case "false":
            case "no":
            case "0":
                return false;
            default:
                throw wrong(key, "a boolean");
        }
    }

    public int integer(String key, int otherwise) {
        Object value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value.toString().trim());
        } catch (NumberFormatException e) {
            throw wrong(key, "an integer");
        }
    }

    /** A mapping of scalars, or an empty one. */
    public Map<String, Object> map(String key) {
        Object value = values.get(key);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(key, "a mapping");
        }
        return map.entrySet().stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                e -> String.valueOf(e.getKey()), Map.Entry::getValue));
    }

    /** A list of mappings of scalars, or an empty one. */
    public List<Map<String, Object>> mappings(String key) {
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> items)
                || !items.stream().allMatch(item -> item instanceof Map)) {
            throw wrong(key, "a list of mappings");
        }
        return items.stream()
                .map(item -> new Section(name, Map.of(key, item)).map(key))
                .collect(Collectors.toUnmodifiableList());
    }

    private DcsException.Misconfigured wrong(String key, String wanted) {
        return new DcsException.Misconfigured(
                name + "." + key + " must be " + wanted + "; correct it in the YAML file");
    }

    /** Names the section only: values may be secrets. */
    @Override
    public String toString() {
        return "section " + name;
    }
}
