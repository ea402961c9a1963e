package io.matriarch.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * Everything a backend is opened with.
 *
 * @param scope the cluster
 * @param member the name under which leases and the member record are written; empty for a
 *     read-only client, which creates no session, lease or member record (rule S4) but may write
 *     guarded entries
 * @param section the backend's part of the YAML
 * @param settings timing
 * @param ticker the clock that deadlines and leases are read on
 */
public record DcsConfig(
        Scope scope,
        Optional<String> member,
        Section section,
        DcsSettings settings,
        Ticker ticker) {
    public DcsConfig {
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(member, "member");
        Objects.requireNonNull(section, "section");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(ticker, "ticker");
    }
}
