package io.matriarch.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The members as a tree: the leader on top, below each member those that stream from it. A member
 * whose source is itself, unknown, or below the member again hangs under the leader, so that every
 * member is shown exactly once whatever the tags say.
 */
final class Topology {
    private final Map<String, Map<String, Object>> byName = new LinkedHashMap<>();
    private final Optional<String> leader;
    private final List<Map<String, Object>> ordered = new ArrayList<>();

    private Topology(List<Map<String, Object>> members) {
        members.forEach(member -> byName.put(name(member), member));
        leader = members.stream().filter(Topology::leads).map(Topology::name).findFirst();
    }

    /** The members in the order of the tree, their names carrying the branches. */
    static List<Map<String, Object>> of(List<Map<String, Object>> members) {
        Topology topology = new Topology(members);
        topology.leader.ifPresent(name -> topology.ordered.add(topology.byName.get(name)));
        topology.addBelow(topology.leader, 0);
        return topology.ordered;
    }

    private void addBelow(Optional<String> parent, int depth) {
        for (Map<String, Object> member : byName.values()) {
            String name = name(member);
            if (leader.filter(name::equals).isPresent() || !parentOf(name).equals(parent)) {
                continue;
            }
            Map<String, Object> shown = new LinkedHashMap<>(member);
            shown.put("name", "  ".repeat(depth) + "+ " + name);
            ordered.add(shown);
            if (leader.isPresent()) {
                addBelow(Optional.of(name), depth + 1);
            }
        }
    }

    private Optional<String> parentOf(String name) {
        if (leader.isEmpty()) {
            return Optional.empty();
        }
        return endsAtLeader(name) ? source(name).or(() -> leader) : leader;
    }

    /** Whether following the sources from here leads out of the replicas, not round in a circle. */
    private boolean endsAtLeader(String name) {
        Optional<String> next = source(name);
        for (int steps = 0; next.isPresent(); steps++) {
            if (steps > byName.size()) {
                return false;
            }
            next = source(next.get());
        }
        return true;
    }

    /** The replica that the member's tag names. */
    private Optional<String> source(String name) {
        if (!(byName.get(name).get("tags") instanceof Map<?, ?> tags)) {
            return Optional.empty();
        }
        return Optional.ofNullable(tags.get("replicatefrom"))
                .map(String::valueOf)
                .filter(byName::containsKey)
                .filter(source -> leader.filter(source::equals).isEmpty());
    }

    private static boolean leads(Map<String, Object> member) {
        return member.get("role") instanceof String role
                && (role.equals("leader") || role.equals("standby_leader"));
    }

    private static String name(Map<String, Object> member) {
        return String.valueOf(member.get("name"));
    }
}
