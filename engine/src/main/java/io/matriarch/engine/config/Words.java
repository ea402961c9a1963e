package io.matriarch.engine.config;

import io.matriarch.engine.codec.Json;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Scalars as people write them: words for booleans, numbers in text, near misses. */
final class Words {
    private Words() {}

    /** on/true/yes/1 or off/false/no/0 in any case. */
    static Optional<Boolean> flag(Object value) {
        switch (String.valueOf(value).trim().toLowerCase(Locale.ROOT)) {
            case "on":
            case "true":
            case "yes":
            case "1":
                return Optional.of(true);
            case "off":
            case "false":
            case "no":
            case "0":
                return Optional.of(false);
            default:
                return Optional.empty();
        }
    }

    /** A whole number, or text that is one. */
    static Optional<Long> integer(Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return Optional.of(((Number) value).longValue());
        }
        if (value instanceof Double real && real == Math.rint(real) && Math.abs(real) < 1e15) {
            return Optional.of(real.longValue());
        }
        if (value instanceof String text && text.trim().matches("[-+]?[0-9]{1,18}")) {
            return Optional.of(Long.parseLong(text.trim()));
        }
        return Optional.empty();
    }

    static boolean isScalar(Object value) {
        return !(value instanceof Map) && !(value instanceof Collection);
    }

    /** A scalar as the peer's text form, in which changes are judged. */
    static String text(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        return value instanceof Double ? Json.compact(value) : value.toString();
    }

    /** A scalar as PostgreSQL reads it. */
    static String guc(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? "on" : "off";
        }
        if (value instanceof Collection<?> items) {
            return String.join(", ", items.stream().map(Words::guc).toList());
        }
        return value instanceof Double ? Json.compact(value) : String.valueOf(value);
    }

    /** Comma-separated text as its items. */
    static List<String> split(String text) {
        return Arrays.stream(text.split(","))
                .map(String::trim)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
