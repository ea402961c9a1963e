package io.matriarch.postgres;

import io.matriarch.engine.port.Upstream;
import java.util.Optional;

/**
 * How the server is to start.
 *
 * @param standby with {@code standby.signal}
 * @param upstream whom it streams from; empty = archive and pg_wal only
 */
record Recovery(boolean standby, Optional<Upstream> upstream) {
    static final Recovery NONE = new Recovery(false, Optional.empty());

    static Recovery standbyOf(Optional<Upstream> upstream) {
        return new Recovery(true, upstream);
    }
}
