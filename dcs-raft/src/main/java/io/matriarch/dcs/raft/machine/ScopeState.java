package io.matriarch.dcs.raft.machine;

import java.util.Optional;
import java.util.TreeMap;

/** One cluster's entries. Sorted, so that each member walks through them in the same order. */
final class ScopeState {
    static final String LEADER = "leader";
    static final String MEMBERS = "members/";

    final TreeMap<String, Item> items = new TreeMap<>();
    Optional<Seat> seat = Optional.empty();

    Optional<Item> item(String key) {
        return Optional.ofNullable(items.get(key));
    }

    /** The holder's name; an empty record is nobody's. */
    Optional<String> leader() {
        return item(LEADER).map(Item::text).filter(name -> !name.isEmpty());
    }

    boolean isEmpty() {
        return items.isEmpty();
    }
}
