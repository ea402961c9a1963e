package io.matriarch.benchmark.costs;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Requests by their kind, in the store's own words. */
record Counts(SortedMap<String, Long> byKind) {
    Counts {
        byKind = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(byKind));
    }

    long total() {
        return byKind.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What was counted between two looks; kinds that did not move are left out. */
    Counts since(Counts before) {
        SortedMap<String, Long> moved = new TreeMap<>();
        for (Map.Entry<String, Long> kind : byKind.entrySet()) {
            long more = kind.getValue() - before.byKind.getOrDefault(kind.getKey(), 0L);
            if (more != 0) {
                moved.put(kind.getKey(), more);
            }
        }
        return new Counts(moved);
    }
}
