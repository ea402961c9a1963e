package io.matriarch.engine.rest;

import io.matriarch.engine.config.GucNumber;
import io.matriarch.engine.model.ScheduledRestart;
import io.matriarch.engine.port.MemberControl.Reply;
import io.matriarch.engine.port.MemberControl.RestartOrder;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The body of {@code POST /restart}.
 *
 * @param refusal the answer, if the body is unusable; then the rest means nothing
 * @param order the conditions
 * @param timeout overrides primary_start_timeout
 * @param at when, if not now
 * @param filters the conditions as they are published, in the order sent
 */
public record RestartRequest(
        Optional<Reply> refusal,
        RestartOrder order,
        Optional<Duration> timeout,
        Optional<OffsetDateTime> at,
        Map<String, Object> filters) {
    private static final Set<String> ROLES = Set.of("primary", "standby_leader", "replica");

    /** Reads the keys in the order sent; the first bad one decides. */
    public static RestartRequest of(Map<String, Object> body, boolean paused, OffsetDateTime now) {
        if (paused && body.containsKey("schedule")) {
            return refused(new Reply(500, "Can't schedule restart in the paused state"));
        }
        Builder builder = new Builder();
        for (Map.Entry<String, Object> entry : body.entrySet()) {
            Optional<Reply> refusal = builder.take(entry.getKey(), entry.getValue(), now);
            if (refusal.isPresent()) {
                return refused(refusal.get());
            }
        }
        return builder.build();
    }

    /** The plan that a member keeps. */
    public ScheduledRestart plan(OffsetDateTime time, String postmasterStartTime) {
        return new ScheduledRestart(time, filters, postmasterStartTime);
    }

    private static RestartRequest refused(Reply reply) {
        return new RestartRequest(
                Optional.of(reply),
                RestartOrder.UNCONDITIONAL,
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    /** Collects the keys of one body. */
    private static final class Builder {
        private final Map<String, Object> filters = new LinkedHashMap<>();
        private Optional<String> role = Optional.empty();
        private Optional<Integer> belowVersion = Optional.empty();
        private boolean onlyIfPending;
        private Optional<Duration> timeout = Optional.empty();
        private Optional<OffsetDateTime> at = Optional.empty();

        Optional<Reply> take(String key, Object value, OffsetDateTime now) {
            switch (key) {
                case "schedule":
                    ScheduledTime.Verdict time = ScheduledTime.judge(value, "restart", now);
                    at = time.at();
                    return time.refusal();
                case "role":
                    filters.put(key, value);
                    return role(value);
                case "postgres_version":
                    filters.put(key, value);
                    return version(String.valueOf(value));
                case "timeout":
                    return timeout(value);
                case "restart_pending":
                    filters.put(key, value);
                    onlyIfPending = true;
                    return Optional.empty();
                default:
                    return bad("Unknown filter for the scheduled restart: " + key);
            }
        }

        private Optional<Reply> role(Object value) {
            if (!(value instanceof String text) || !ROLES.contains(text)) {
                return bad("PostgreSQL role should be either primary, standby_leader, or replica");
            }
            role = Optional.of(text);
            return Optional.empty();
        }

        private Optional<Reply> version(String text) {
            PostgresVersion version = PostgresVersion.parse(text);
            belowVersion = version.number();
            return version.problem().map(problem -> new Reply(400, problem));
        }

        private Optional<Reply> timeout(Object value) {
            Optional<Long> seconds =
                    value instanceof Number || value instanceof String
                            ? GucNumber.integer(value.toString(), "s")
                            : Optional.<Long>empty();
            if (seconds.isEmpty() || seconds.get() <= 0) {
                return bad("Timeout should be a positive number of seconds");
            }
            filters.put("timeout", seconds.get());
            timeout = Optional.of(Duration.ofSeconds(seconds.get()));
            return Optional.empty();
        }

        private static Optional<Reply> bad(String body) {
            return Optional.of(new Reply(400, body));
        }

        RestartRequest build() {
            return new RestartRequest(
                    Optional.empty(),
                    new RestartOrder(role, belowVersion, onlyIfPending),
                    timeout,
                    at,
                    filters);
        }
    }
}
