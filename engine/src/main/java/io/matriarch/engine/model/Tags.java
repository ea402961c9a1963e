package io.matriarch.engine.model;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A member's tags as they are published, sorted by name. Values are scalars as parsed from YAML or
 * JSON. A boolean tag wins over the priority that says the same.
 */
public record Tags(Map<String, Object> values) {
    public static final Tags NONE = new Tags(Map.of());

    public Tags {
        values = java.util.Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /** Never a candidate for leader. */
    public boolean nofailover() {
        return excluded("nofailover", "failover_priority");
    }

    /** Breaks ties between members at one WAL position; 0 means {@link #nofailover()}. */
    public int failoverPriority() {
        return nofailover() ? 0 : priority("failover_priority");
    }

    public boolean nosync() {
        return excluded("nosync", "sync_priority");
    }

    public boolean noloadbalance() {
        return truthy("noloadbalance");
    }

    public boolean clonefrom() {
        return truthy("clonefrom");
    }

    public boolean nostream() {
        return truthy("nostream");
    }

    public Optional<String> replicatefrom() {
        return Optional.ofNullable(values.get("replicatefrom"))
                .map(String::valueOf)
                .filter(s -> !s.isEmpty());
    }

    private boolean excluded(String flag, String priority) {
        if (values.containsKey(flag)) {
            return truthy(flag);
        }
        return values.containsKey(priority) && priority(priority) <= 0;
    }

    private int priority(String key) {
        Object value = values.get(key);
        if (value instanceof Number number) {
            return number.intValue();
        }
        try {
            return value == null ? 1 : Integer.parseInt(value.toString().trim());
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    private boolean truthy(String key) {
        Object value = values.get(key);
        if (value == null || Boolean.FALSE.equals(value)) {
            return false;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        return !value.toString().isEmpty();
    }
}
