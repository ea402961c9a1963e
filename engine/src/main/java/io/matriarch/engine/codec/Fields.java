package io.matriarch.engine.codec;

import io.matriarch.engine.model.Lsn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lenient access to what others wrote: a field of the wrong type reads as absent. Never throws. */
record Fields(Map<String, Object> values) {
    static final Fields NONE = new Fields(Map.of());

    /** The object that the text holds; empty if it holds none. */
    static Optional<Fields> parse(String text) {
        return parseValue(text)
                .filter(Map.class::isInstance)
                .map(value -> new Fields(Json.keyed((Map<?, ?>) value)));
    }

    /** Whatever JSON the text holds; empty for null and for what is no JSON. */
    static Optional<Object> parseValue(String text) {
        try {
            return Optional.ofNullable(Json.value(text));
        } catch (IllegalArgumentException e) {
            // Malformed values of others read as absent (rule R5).
            return Optional.empty();
        }
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    /** A scalar as text; absent if empty. */
    Optional<String> text(String key) {
        Object value = values.get(key);
        return value == null || value instanceof Map || value instanceof List
                ? Optional.empty()
                : Optional.of(value.toString()).filter(text -> !text.isEmpty());
    }

    Optional<Fields> object(String key) {
        return values.get(key) instanceof Map<?, ?> map
                ? Optional.of(new Fields(Json.keyed(map)))
                : Optional.empty();
    }

    /** A number, or text that is one. */
    Optional<Long> number(String key) {
        return number(values.get(key));
    }

    static Optional<Long> number(Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return Optional.of(((Number) value).longValue());
        }
        if (value instanceof Double real) {
            return Optional.of(real.longValue());
        }
        if (value instanceof String text && text.trim().matches("-?[0-9]{1,18}")) {
            return Optional.of(Long.parseLong(text.trim()));
        }
        return Optional.empty();
    }

    /** A position that is known: absent if zero or negative. */
    Optional<Lsn> position(String key) {
        return number(key).filter(bytes -> bytes > 0).map(Lsn::new);
    }

    int integer(String key) {
        return number(key).filter(n -> n >= 0 && n <= Integer.MAX_VALUE).orElse(0L).intValue();
    }

    /** Present and neither false, zero nor empty. */
    boolean truthy(String key) {
        Object value = values.get(key);
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        return value != null
                && !Boolean.FALSE.equals(value)
                && !value.toString().isEmpty()
                && !List.of().equals(value)
                && !Map.of().equals(value);
    }
}
