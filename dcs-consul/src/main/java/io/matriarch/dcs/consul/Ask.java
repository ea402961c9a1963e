package io.matriarch.dcs.consul;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One request of the agent's HTTP API.
 *
 * @param path encoded
 * @param parameters as they stand in the query, encoded
 */
record Ask(Method method, String path, List<String> parameters, Optional<String> body) {
    enum Method {
        GET,
        PUT,
        DELETE
    }

    static Ask get(String path) {
        return new Ask(Method.GET, path, List.of(), Optional.empty());
    }

    static Ask put(String path, String body) {
        return new Ask(Method.PUT, path, List.of(), Optional.of(body));
    }

    static Ask delete(String path) {
        return new Ask(Method.DELETE, path, List.of(), Optional.empty());
    }

    Ask with(String parameter) {
        List<String> more = new ArrayList<>(parameters);
        more.add(parameter);
        return new Ask(method, path, List.copyOf(more), body);
    }

    Ask with(String parameter, String value) {
        return with(parameter + "=" + encoded(value));
    }

    /** Whether it can change nothing, so that a lost reply does not matter. */
    boolean reads() {
        return method == Method.GET;
    }

    /** A path with each of its parts encoded: names of members may hold anything. */
    static String encodedPath(String path) {
        return Arrays.stream(path.split("/", -1))
                .map(Ask::encoded)
                .collect(Collectors.joining("/"));
    }

    static String encoded(String text) {
        // The JDK's encoder writes forms, where a blank is a plus.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
