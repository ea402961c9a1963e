package io.matriarch.dcs.consul;

import io.matriarch.spi.Deadline;
import io.matriarch.spi.MemberEntry;
import java.util.List;
import java.util.Optional;

/**
 * The own member record, bound to the session. Nobody else writes it; it is written under the index
 * that was seen all the same, so that a write that the store applies late does nothing to a newer
 * one.
 */
final class MemberRecord {
    private final String name;
    private final String key;
    private final KeyValues store;
    private final Session session;
    private final Memory memory;

    MemberRecord(String name, Keys keys, KeyValues store, Session session, Memory memory) {
        this.name = name;
        this.key = keys.member(name);
        this.store = store;
        this.session = session;
        this.memory = memory;
    }

    /** Keeps the session alive, and writes the record unless the store holds it, bound to it. */
    void touch(MemberEntry me, Deadline deadline) {
        if (!me.name().equals(name)) {
            throw new IllegalArgumentException("not the member " + name + ": " + me.name());
        }
        String text = me.value().text();
        String id = session.alive(deadline);
        Optional<Stored> seen = memory.last(key);
        while (seen.filter(s -> s.text().equals(text) && s.heldBy(id)).isEmpty()) {
            Txn txn = new Txn(Txn.bind(key, text, id, seen));
            Txn.End end =
                    store.txn("writing the member record", Calls.Repeat.HARMLESS, txn, deadline);
            if (end instanceof Txn.Done done) {
                memory.saw(key, new Stored(text, done.index(), Optional.of(id)));
                return;
            }
            if (((Txn.Refused) end).sessionGone()) {
                session.forget(id);
                touch(me, deadline);
                return;
            }
            store.pause(deadline);
            seen = store.get(key, "reading the member record", deadline);
            memory.saw(key, seen);
        }
    }

    /** What binds the record to this session, if another one holds it as far as is known. */
    List<Txn.Op> move(String id) {
        return memory.last(key)
                .filter(s -> !s.heldBy(id))
                .map(s -> Txn.bind(key, s.text(), id, Optional.of(s)))
                .orElse(List.of());
    }

    /** The operations of {@link #move} took effect. */
    void moved(String id, long index) {
        memory.last(key)
                .ifPresent(s -> memory.saw(key, new Stored(s.text(), index, Optional.of(id))));
    }

    String name() {
        return name;
    }

    String key() {
        return key;
    }
}
