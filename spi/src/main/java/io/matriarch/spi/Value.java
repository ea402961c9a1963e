package io.matriarch.spi;

import java.util.Map;
import java.util.Objects;

/**
 * A value to be written: its canonical text, and the same facts as flat fields for a store that
 * keeps them apart (Kubernetes annotations), so that no plug-in parses JSON. Both are made by the
 * engine. A key-value store writes {@code text} and ignores {@code fields}.
 */
public record Value(String text, Map<String, String> fields) {
    public Value {
        Objects.requireNonNull(text, "text");
        fields = Map.copyOf(fields);
    }

    /** A value that has no fields. */
    public static Value of(String text) {
        return new Value(text, Map.of());
    }
}
