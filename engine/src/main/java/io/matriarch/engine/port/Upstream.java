package io.matriarch.engine.port;

import java.util.Objects;

/**
 * Whom a standby streams from.
 *
 * @param member the member's name
 * @param connUrl {@code postgres://host:port/database}
 */
public record Upstream(String member, String connUrl) {
    public Upstream {
        Objects.requireNonNull(member, "member");
        Objects.requireNonNull(connUrl, "connUrl");
    }
}
