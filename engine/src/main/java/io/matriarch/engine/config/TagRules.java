package io.matriarch.engine.config;

import io.matriarch.engine.model.Tags;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** From the tags as written to the tags as published. */
final class TagRules {
    private static final List<String> FLAGS =
            List.of("clonefrom", "nofailover", "noloadbalance", "nosync", "nostream");

    private TagRules() {}

    /**
     * The well-known flags are published only if they are set, or if the priority that says the
     * same thing is there too; everything else is published as it is.
     */
    static Tags published(Map<String, Object> written, List<String> warnings) {
        Map<String, Object> tags = new TreeMap<>();
        written.forEach(
                (name, value) -> {
                    if (value != null && (!FLAGS.contains(name) || keeps(name, value, written))) {
                        tags.put(name, value);
                    }
                });
        conflict(written, "nofailover", "failover_priority", warnings);
        conflict(written, "nosync", "sync_priority", warnings);
        return new Tags(tags);
    }

    private static boolean keeps(String name, Object value, Map<String, Object> written) {
        return isSet(value)
                || name.equals("nofailover") && written.get("failover_priority") != null
                || name.equals("nosync") && written.get("sync_priority") != null;
    }

    /** Plain truth: the text {@code false} is set, as it is for peers. */
    private static boolean isSet(Object value) {
        return value instanceof Number number
                ? number.doubleValue() != 0
                : !Boolean.FALSE.equals(value) && !value.toString().isEmpty();
    }

    private static void conflict(
            Map<String, Object> written, String flag, String priority, List<String> warnings) {
        Object excluded = written.get(flag);
        Object rank = written.get(priority);
        if (excluded == null || rank == null) {
            return;
        }
        boolean wanted = Words.integer(rank).orElse(1L) > 0;
        if (isSet(excluded) == wanted) {
            warnings.add(
                    "Conflicting configuration between "
                            + (flag + ": " + Words.text(excluded))
                            + (" and " + priority + ": " + Words.text(rank))
                            + (". Defaulting to " + flag + ": " + Words.text(excluded)));
        }
    }
}
