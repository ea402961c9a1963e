package io.matriarch.engine.config;

import io.matriarch.engine.model.Settings;
import io.matriarch.engine.model.Settings.SynchronousMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The dynamic document: what it means, and how it is changed. Pure. */
public final class DynamicConfig {
    private static final int SMALLEST_TTL = 20;
    private static final int SMALLEST_LOOP_WAIT = 1;
    private static final int SMALLEST_RETRY_TIMEOUT = 3;

    private final Map<String, Object> document;
    private final List<String> warnings = new ArrayList<>();

    private DynamicConfig(Map<String, Object> document) {
        this.document = document;
    }

    /**
     * @param settings typed, complete, adjusted
     * @param warnings one sentence for each value that was not taken as written
     */
    public record Adjusted(Settings settings, List<String> warnings) {
        public Adjusted {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * What the document says. Timing is raised to its minimums and adjusted to {@code loop_wait +
     * 2*retry_timeout <= ttl}, as every peer does; other unusable values become defaults with a
     * warning.
     *
     * @throws ConfigException if ttl, loop_wait or retry_timeout is no whole number; the former
     *     settings should stay in force
     */
    public static Adjusted settings(Map<String, Object> document) {
        DynamicConfig config = new DynamicConfig(document);
        Settings settings = config.settings();
        return new Adjusted(settings, config.warnings);
    }

    private Settings settings() {
        Settings otherwise = Settings.defaults();
        long loopWait = timing("loop_wait", 10, SMALLEST_LOOP_WAIT);
        long retryTimeout = timing("retry_timeout", 10, SMALLEST_RETRY_TIMEOUT);
        long ttl = timing("ttl", 30, SMALLEST_TTL);
        String broken =
                "Violated the rule \"loop_wait + 2*retry_timeout <= ttl\", where ttl=" + ttl;
        if (1 + 2 * retryTimeout > ttl) {
            long lowered = (ttl - 1) / 2;
            warnings.add(
                    broken
                            + (". Adjusting loop_wait from " + loopWait + " to 1")
                            + (" and retry_timeout from " + retryTimeout + " to " + lowered));
            loopWait = 1;
            retryTimeout = lowered;
        } else if (loopWait + 2 * retryTimeout > ttl) {
            long lowered = ttl - 2 * retryTimeout;
            warnings.add(broken + ". Adjusting loop_wait from " + loopWait + " to " + lowered);
            loopWait = lowered;
        }
        return new Settings(
                Duration.ofSeconds(ttl),
                Duration.ofSeconds(loopWait),
                Duration.ofSeconds(retryTimeout),
                number("maximum_lag_on_failover", otherwise.maximumLagOnFailover()),
                flag("check_timeline"),
                seconds("primary_start_timeout", "master_start_timeout", 300),
                seconds("primary_stop_timeout", "master_stop_timeout", 0),
                flag("pause"),
                flag("failsafe_mode"),
                isStandbyCluster(document) ? SynchronousMode.OFF : synchronousMode(),
                (int) Math.min(Integer.MAX_VALUE, number("max_timelines_history", 0)),
                memberSlotsTtl(otherwise.memberSlotsTtl()),
                Collections.unmodifiableMap(new LinkedHashMap<>(document)));
    }

    private long timing(String key, int otherwise, int smallest) {
        if (!document.containsKey(key)) {
            return otherwise;
        }
        long value =
                Words.integer(document.get(key))
                        .filter(seconds -> Math.abs(seconds) <= Integer.MAX_VALUE)
                        .orElseThrow(
                                () ->
                                        new ConfigException(
                                                key
                                                        + " must be a whole number of seconds, but"
                                                        + " is "
                                                        + Words.text(document.get(key))
                                                        + "; correct it in the dynamic"
                                                        + " configuration"));
        if (value < smallest) {
            warnings.add(
                    key + "=" + value + " can't be smaller than " + smallest + ", adjusting...");
        }
        return Math.max(value, smallest);
    }

    private long number(String key, long otherwise) {
        Object value = document.get(key);
        if (value == null) {
            return otherwise;
        }
        Optional<Long> number = Words.integer(value).filter(n -> n >= 0);
        if (number.isEmpty()) {
            unusable(key, value, "a whole number, 0 or more", otherwise);
        }
        return number.orElse(otherwise);
    }

    private Duration seconds(String key, String oldName, long otherwise) {
        String present = document.containsKey(key) ? key : oldName;
        Object value = document.get(present);
        if (present.equals("primary_stop_timeout") || present.equals("master_stop_timeout")) {
            // Zero and less both mean that there is no bound.
            Optional<Long> below = Words.integer(value).filter(n -> n < 0);
            return below.isPresent()
                    ? Duration.ZERO
                    : Duration.ofSeconds(number(present, otherwise));
        }
        return Duration.ofSeconds(number(present, otherwise));
    }

    private boolean flag(String key) {
        Object value = document.get(key);
        if (value == null) {
            return false;
        }
        Optional<Boolean> flag = Words.flag(value);
        if (flag.isEmpty()) {
            unusable(key, value, "a boolean", "off");
        }
        return flag.orElse(false);
    }

    private SynchronousMode synchronousMode() {
        Object value = document.get("synchronous_mode");
        if (value != null && value.toString().toLowerCase(Locale.ROOT).equals("quorum")) {
            return SynchronousMode.QUORUM;
        }
        return flag("synchronous_mode") ? SynchronousMode.ON : SynchronousMode.OFF;
    }

    private Duration memberSlotsTtl(Duration otherwise) {
        Object value = document.get("member_slots_ttl");
        if (value == null) {
            return otherwise;
        }
        Optional<Long> seconds =
                Words.isScalar(value) && !(value instanceof Boolean)
                        ? GucNumber.integer(value.toString(), "s").filter(n -> n >= 0)
                        : Optional.empty();
        if (seconds.isEmpty()) {
            unusable("member_slots_ttl", value, "seconds or a time such as 30min", "30min");
        }
        return seconds.map(Duration::ofSeconds).orElse(otherwise);
    }

    private void unusable(String key, Object value, String wanted, Object instead) {
        warnings.add(
                key
                        + " must be "
                        + wanted
                        + ", but is "
                        + Words.text(value)
                        + "; "
                        + instead
                        + " is used instead");
    }

    /** Whether the cluster follows another one. */
    static boolean isStandbyCluster(Map<String, Object> document) {
        return document.get("standby_cluster") instanceof Map<?, ?> remote
                && java.util.stream.Stream.of("host", "port", "restore_command")
                        .map(remote::get)
                        .anyMatch(value -> value != null && !value.toString().isEmpty());
    }

    /**
     * The base with the patch merged in: null removes a key, objects merge, lists are replaced, and
     * a scalar whose text is unchanged keeps its type ({@code "30"} over {@code 30} is no change).
     * A new object is taken as it is, nulls in it included. Neither argument is changed; if nothing
     * changes the answer equals the base.
     */
    public static Map<String, Object> patch(Map<String, Object> base, Map<String, Object> patch) {
        Map<String, Object> merged = new LinkedHashMap<>(base);
        patch.forEach(
                (key, value) -> {
                    if (value == null) {
                        merged.remove(key);
                    } else if (merged.containsKey(key)) {
                        merged.put(key, patched(merged.get(key), value));
                    } else {
                        merged.put(key, value);
                    }
                });
        return merged;
    }

    private static Object patched(Object old, Object value) {
        if (old instanceof Map<?, ?> base && value instanceof Map<?, ?> patch) {
            return patch(keyed(base), keyed(patch));
        }
        boolean unchanged =
                Words.isScalar(old)
                        && Words.isScalar(value)
                        && Words.text(old).equals(Words.text(value));
        return unchanged ? old : value;
    }

    /** The same map, with its keys as text. */
    static Map<String, Object> keyed(Map<?, ?> map) {
        Map<String, Object> keyed = new LinkedHashMap<>();
        map.forEach((key, value) -> keyed.put(String.valueOf(key), value));
        return keyed;
    }
}
