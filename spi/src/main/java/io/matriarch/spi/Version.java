package io.matriarch.spi;

import java.util.Objects;

/**
 * An opaque token that changes with every write of an entry (rule V1). Comparable for equality
 * only; a token of one backend means nothing to another.
 */
public record Version(String token) {
    public Version {
        Objects.requireNonNull(token, "token");
    }

    @Override
    public String toString() {
        return token;
    }
}
