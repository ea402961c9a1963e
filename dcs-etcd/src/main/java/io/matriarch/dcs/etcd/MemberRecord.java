package io.matriarch.dcs.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.options.PutOption;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.MemberEntry;
import java.util.Optional;

/**
 * The own member record: written blindly, because nobody else writes it, and bound to the session.
 */
final class MemberRecord {
    private final String name;
    private final ByteSequence key;
    private final Calls calls;
    private final Session session;
    private final Memory memory;

    MemberRecord(String name, Keys keys, Calls calls, Session session, Memory memory) {
        this.name = name;
        this.key = keys.member(name);
        this.calls = calls;
        this.session = session;
        this.memory = memory;
    }

    /** Writes the record unless the store holds it, bound to a lease that is alive. */
    void touch(MemberEntry me, Deadline deadline) {
        if (!me.name().equals(name)) {
            throw new IllegalArgumentException("not the member " + name + ": " + me.name());
        }
        String text = me.value().text();
        while (true) {
            Session.Alive alive = session.refresh(deadline);
            Optional<Stored> last = memory.last(key);
            if (last.filter(s -> s.text().equals(text) && s.lease() == alive.id()).isPresent()) {
                return;
            }
            try {
                put(text, alive.id(), deadline);
                return;
            } catch (StoreRejected e) {
                if (e.fault() != Fault.LEASE_GONE) {
                    throw e;
                }
                session.forget(alive.id());
            }
        }
    }

    private void put(String text, long lease, Deadline deadline) {
        PutOption option = PutOption.builder().withLeaseId(lease).build();
        long revision =
                calls.call(
                                "writing the member record",
                                Calls.Repeat.HARMLESS,
                                deadline,
                                client ->
                                        client.getKVClient()
                                                .put(key, Connections.bytes(text), option))
                        .getHeader()
                        .getRevision();
        wrote(text, lease, revision);
    }

    /** The text of the record, if it is bound to another lease than this and has to be moved. */
    Optional<String> boundElsewhere(long lease) {
        return memory.last(key).filter(s -> s.lease() != lease).map(Stored::text);
    }

    String name() {
        return name;
    }

    ByteSequence key() {
        return key;
    }

    void wrote(String text, long lease, long revision) {
        memory.saw(key, Optional.of(new Stored(text, revision, lease)), revision);
    }
}
