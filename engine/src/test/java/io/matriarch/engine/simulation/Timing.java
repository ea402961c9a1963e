package io.matriarch.engine.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The dynamic configuration of a run. */
record Timing(int ttl, int loopWait, int retryTimeout, int primaryStartTimeout) {
    static final List<Timing> COMMON =
            List.of(
                    new Timing(30, 10, 10, 300),
                    new Timing(30, 10, 10, 0),
                    new Timing(20, 2, 5, 300),
                    new Timing(20, 2, 3, 15),
                    new Timing(20, 5, 7, 0));

    Map<String, Object> document(boolean pause) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("ttl", ttl);
        document.put("loop_wait", loopWait);
        document.put("retry_timeout", retryTimeout);
        document.put("primary_start_timeout", primaryStartTimeout);
        document.put("maximum_lag_on_failover", 1048576);
        if (pause) {
            document.put("pause", true);
        }
        return document;
    }

    /** As an operator's tool writes it. */
    String json(boolean pause) {
        return document(pause).entrySet().stream()
                .map(e -> "\"" + e.getKey() + "\":" + e.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
