package io.matriarch.engine.rest;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a REST server answered.
 *
 * @param headers first value by name, in lower case
 */
public record Answer(int status, String body, Map<String, String> headers) {
    public Answer {
        headers = java.util.Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
}
