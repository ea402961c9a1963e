package io.matriarch.engine.model;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the leader last wrote about its WAL.
 *
 * @param optime last known WAL position of the leader; zero when unknown
 * @param slots slot name to position
 * @param retainSlots slots of members that vanished lately
 */
public record ClusterStatus(Lsn optime, Map<String, Lsn> slots, List<String> retainSlots) {
    public static final ClusterStatus NONE = new ClusterStatus(Lsn.ZERO, Map.of(), List.of());

    public ClusterStatus {
        slots = java.util.Collections.unmodifiableMap(new TreeMap<>(slots));
        retainSlots = retainSlots.stream().sorted().toList();
    }

    public ClusterStatus withOptime(Lsn position) {
        return new ClusterStatus(position, slots, retainSlots);
    }
}
