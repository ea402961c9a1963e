package io.matriarch.engine.rest;

import io.matriarch.engine.model.FailoverRequest;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;

/**
 * The body of {@code POST /switchover} and {@code POST /failover}.
 *
 * @param failover sent to {@code /failover}
 * @param leader who should give up the role
 * @param candidate who should take it
 * @param scheduledAt as sent, if it was
 */
public record SwitchoverRequest(
        boolean failover,
        Optional<String> leader,
        Optional<String> candidate,
        Optional<Object> scheduledAt) {
    /** Empty text and null count as absent; {@code member} is another word for candidate. */
    public static SwitchoverRequest of(Map<String, Object> body, boolean failover) {
        return new SwitchoverRequest(
                failover,
                text(body, "leader"),
                text(body, "candidate").or(() -> text(body, "member")),
                Optional.ofNullable(body.get("scheduled_at"))
                        .filter(value -> !value.toString().isEmpty()));
    }

    /** {@code failover} only if no leader is named: with one it is a switchover. */
    public String action() {
        return failover && leader.isEmpty() ? "failover" : "switchover";
    }

    /** What is written into the store. */
    public FailoverRequest toStore(Optional<OffsetDateTime> at) {
        return new FailoverRequest(leader, candidate, at, Optional.empty());
    }

    private static Optional<String> text(Map<String, Object> body, String key) {
        return Optional.ofNullable(body.get(key))
                .map(Object::toString)
                .filter(text -> !text.isEmpty());
    }
}
