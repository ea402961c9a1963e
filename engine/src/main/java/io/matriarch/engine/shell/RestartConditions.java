package io.matriarch.engine.shell;

import io.matriarch.engine.model.ScheduledRestart;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.MemberControl.RestartOrder;
import java.time.Duration;
import java.util.Optional;

/** Whether a restart that was asked for under conditions should happen. */
record RestartConditions(RestartOrder order) {
    private static final String NOT_SATISFIED = "restart conditions are not satisfied";

    /** The conditions of a planned restart, as the request named them. */
    static RestartConditions of(ScheduledRestart planned) {
        return new RestartConditions(
                new RestartOrder(
                        Optional.ofNullable(planned.filters().get("role")).map(String::valueOf),
                        Optional.ofNullable(planned.filters().get("postgres_version"))
                                .map(String::valueOf)
                                .map(RestartConditions::versionNumber),
                        planned.filters().containsKey("restart_pending")));
    }

    static Optional<Duration> timeout(ScheduledRestart planned) {
        return planned.filters().get("timeout") instanceof Number seconds
                ? Optional.of(Duration.ofSeconds(seconds.longValue()))
                : Optional.empty();
    }

    /** {@code 15.18} is 150018, {@code 9.6.24} is 90624. */
    static int versionNumber(String text) {
        String[] parts = text.split("\\.");
        int major = Integer.parseInt(parts[0]);
        int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
        return major >= 10
                ? major * 10000 + minor
                : major * 10000 + minor * 100 + (parts.length > 2 ? Integer.parseInt(parts[2]) : 0);
    }

    /** Why not; empty if the restart should happen. */
    Optional<String> check(Optional<LocalState> local, Settings settings) {
        if (local.isEmpty()) {
            return Optional.of(NOT_SATISFIED);
        }
        boolean role = order.role().map(local.get().role().callbackText()::equals).orElse(true);
        int version = local.get().status().map(status -> status.serverVersion()).orElse(0);
        boolean old = order.belowVersion().map(limit -> version < limit).orElse(true);
        boolean pending = !order.onlyIfPending() || !local.get().pendingRestart().isEmpty();
        return role && old && pending ? Optional.empty() : Optional.of(NOT_SATISFIED);
    }
}
