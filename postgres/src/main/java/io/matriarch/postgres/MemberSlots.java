package io.matriarch.postgres;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which physical slots this node shall have: a pure function of the cluster. */
final class MemberSlots {
    private MemberSlots() {}

    /**
     * @param expectedActive somebody streams through it here
     * @param position to which an unused slot is moved; zero = unknown
     */
    record Wanted(boolean expectedActive, Lsn position) {}

    static Map<String, Wanted> wanted(String me, Role role, Settings settings, ClusterView view) {
        Map<String, Wanted> slots = new TreeMap<>();
        boolean leader = role == Role.PRIMARY || role == Role.STANDBY_LEADER;
        boolean retention = !settings.memberSlotsTtl().isZero();
        boolean nofailover =
                Optional.ofNullable(view.members().get(me))
                        .filter(member -> member.tags().nofailover())
                        .isPresent();
        for (Member member : view.members().values()) {
            if (member.name().equals(me) || member.tags().nostream()) {
                continue;
            }
            Optional<String> from = member.tags().replicatefrom();
            boolean fromMe = from.filter(me::equals).isPresent();
            boolean attached = attached(member, from, fromMe, leader, view);
            boolean wanted = !retention ? attached : !nofailover || fromMe;
            if (wanted) {
                String slot = SlotName.of(member.name());
                slots.put(slot, new Wanted(attached, position(member, slot, from, view)));
            }
        }
        if (!nofailover) {
            addOthers(slots, me, leader, settings, view);
        }
        return slots;
    }

    private static boolean attached(
            Member member,
            Optional<String> from,
            boolean fromMe,
            boolean leader,
            ClusterView view) {
        if (!leader) {
            return fromMe && !view.isLeader(member.name());
        }
        return fromMe || from.filter(view.members()::containsKey).isEmpty();
    }

    private static Lsn position(
            Member member, String slot, Optional<String> from, ClusterView view) {
        Lsn published = view.status().slots().getOrDefault(slot, Lsn.ZERO);
        return from.isPresent() ? published.max(member.position().orElse(Lsn.ZERO)) : published;
    }

    /** Slots of members that left lately, and permanent physical ones. */
    private static void addOthers(
            Map<String, Wanted> slots,
            String me,
            boolean leader,
            Settings settings,
            ClusterView view) {
        String own = SlotName.of(me);
        for (String name : view.status().retainSlots()) {
            if (!name.equals(own)) {
                slots.putIfAbsent(name, new Wanted(true, Lsn.ZERO));
            }
        }
        permanent(settings.document())
                .forEach(
                        (name, value) -> {
                            if (!name.equals(own) && physical(value)) {
                                Lsn at = view.status().slots().getOrDefault(name, Lsn.ZERO);
                                slots.putIfAbsent(name, new Wanted(leader, at));
                            }
                        });
    }

    /** The section has had three names. */
    static Map<String, Object> permanent(Map<String, Object> document) {
        for (String key : List.of("slots", "permanent_replication_slots", "permanent_slots")) {
            if (document.get(key) instanceof Map<?, ?> map) {
                Map<String, Object> named = new TreeMap<>();
                map.forEach((name, value) -> named.put(String.valueOf(name), value));
                return named;
            }
        }
        return Map.of();
    }

    private static boolean physical(Object value) {
        if (value instanceof Map<?, ?> map) {
            Object type = map.get("type");
            boolean logical = map.containsKey("database") && map.containsKey("plugin");
            return type == null ? !logical : type.equals("physical");
        }
        return true;
    }

    /** Slots that another program owns: every attribute given must be equal. */
    static boolean ignored(Map<String, Object> document, String name, String type) {
        return document.get("ignore_slots") instanceof List<?> matchers
                && matchers.stream()
                        .filter(Map.class::isInstance)
                        .map(matcher -> (Map<?, ?>) matcher)
                        .anyMatch(
                                matcher ->
                                        same(matcher.get("name"), name)
                                                && same(matcher.get("type"), type)
                                                && !matcher.containsKey("database")
                                                && !matcher.containsKey("plugin"));
    }

    private static boolean same(Object wanted, String actual) {
        return wanted == null || wanted.equals(actual);
    }
}
