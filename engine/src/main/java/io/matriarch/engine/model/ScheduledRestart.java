package io.matriarch.engine.model;

import java.time.OffsetDateTime;
import java.util.Map;

/**
 * A restart that waits for its time.
 *
 * @param at when
 * @param filters the request's other fields, in the order sent (role, postgres_version, timeout,
 *     restart_pending)
 * @param postmasterStartTime the server that it was asked for; a newer one cancels it
 */
public record ScheduledRestart(
        OffsetDateTime at, Map<String, Object> filters, String postmasterStartTime) {
    public ScheduledRestart {
        filters = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(filters));
    }
}
