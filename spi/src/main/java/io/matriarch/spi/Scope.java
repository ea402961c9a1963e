package io.matriarch.spi;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One cluster in the store.
 *
 * @param namespace the prefix of all clusters, as configured ({@code /service/})
 * @param name the cluster's name, {@code scope} in the YAML
 */
public record Scope(String namespace, String name) {
    public Scope {
        Objects.requireNonNull(namespace, "namespace");
        if (name.isBlank()) {
            throw new IllegalArgumentException("scope must not be empty");
        }
    }

    /**
     * The path of the cluster's keys, with runs of slashes collapsed, a leading slash and no
     * trailing one: {@code /service/batman}.
     */
    public String path() {
        return "/"
                + Arrays.stream((namespace + "/" + name).split("/"))
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("/"));
    }
}
