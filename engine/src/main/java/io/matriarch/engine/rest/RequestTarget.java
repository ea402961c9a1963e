package io.matriarch.engine.rest;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a request asks for.
 *
 * @param path without the query, not decoded
 * @param query the first value of each name, decoded; names without a value are not in it
 */
public record RequestTarget(String path, Map<String, String> query) {
    public RequestTarget {
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    }

    /** Splits a request's target ({@code /replica?lag=10MB}). */
    public static RequestTarget parse(String target) {
        int mark = target.indexOf('?');
        return mark < 0
                ? new RequestTarget(target, Map.of())
                : of(target.substring(0, mark), target.substring(mark + 1));
    }

    /**
     * @param rawQuery what follows the question mark, encoded
     */
    public static RequestTarget of(String path, String rawQuery) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : rawQuery.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && equals < pair.length() - 1) {
                query.putIfAbsent(
                        decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return new RequestTarget(path, query);
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** The first path segment, which selects the handler; empty for {@code /}. */
    public String segment() {
        String rest = path.startsWith("/") ? path.substring(1) : path;
        int slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // A stray percent sign: the peer keeps such text as it is.
            return text;
        }
    }
}
