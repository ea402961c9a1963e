package io.matriarch.engine.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON text and plain values: maps that keep the order of their keys, lists, text, {@code Integer},
 * {@code Long}, {@code Double}, booleans and null. What is written holds ASCII only, so it is byte
 * for byte what a peer would write. Safe for use by any thread.
 */
public final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private Json() {}

    /** Without any white space, as the store holds it. */
    public static String compact(Object value) {
        return new JsonText(",", ":").append(value).toString();
    }

    /** With {@code ", "} and {@code ": "}, as the REST API answers. */
    public static String spaced(Object value) {
        return new JsonText(", ", ": ").append(value).toString();
    }

    /**
     * @throws IllegalArgumentException if the text is no JSON object; one sentence that says why
     */
    public static Map<String, Object> object(String text) {
        Object value = value(text);
        if (value instanceof Map<?, ?> map) {
            return keyed(map);
        }
        throw new IllegalArgumentException("expected a JSON object, but found " + kind(value));
    }

    /**
     * @return null for the word {@code null}
     * @throws IllegalArgumentException if the text is no JSON; one sentence that says why
     */
    public static Object value(String text) {
        try {
            if (text.isBlank()) {
                throw new IllegalArgumentException("expected JSON, but found nothing");
            }
            return MAPPER.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(sentence(e), e);
        }
    }

    private static String sentence(JsonProcessingException e) {
        String place =
                e.getLocation() == null
                        ? ""
                        : " at line "
                                + e.getLocation().getLineNr()
                                + ", column "
                                + e.getLocation().getColumnNr();
        return "not valid JSON" + place + ": " + e.getOriginalMessage();
    }

    /** The same map with its keys as text, in the same order. */
    static Map<String, Object> keyed(Map<?, ?> map) {
        Map<String, Object> keyed = new LinkedHashMap<>();
        map.forEach((key, value) -> keyed.put(String.valueOf(key), value));
        return keyed;
    }

    private static String kind(Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof List) {
            return "a list";
        }
        if (value instanceof String) {
            return "text";
        }
        return value instanceof Boolean ? "a boolean" : "a number";
    }
}
