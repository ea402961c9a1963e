package io.matriarch.dcs.consul;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader record: taking it, proving it, giving it up.
 *
 * <p>A proof has two halves. First a consistent read, for which the leader of the servers asks a
 * quorum, shows that the record carries my name and my session; then the session is renewed. A
 * renewal alone proves nothing: it is kept in the memory of the leader, and one that was deposed
 * without knowing it grants it too. A leader that takes office starts all sessions with their full
 * time. So whoever renewed after the read, the session lasts its full time from the moment at which
 * the read was sent: either the renewal counts, or a later leader took office after that moment.
 * Hence {@code validUntil} counts from before the read. (The agent's view of who leads only goes
 * forward, so the renewal does not reach a leader older than the one that answered the read.)
 *
 * <p>Every write is guarded by the index that was seen. A write that the store applies after its
 * call gave up then finds another index and does nothing, instead of binding the record to an old
 * session or deleting one that I hold again.
 *
 * <p>The epoch is the index at which this process bound the record: a creation or a takeover is a
 * write, so it is larger than any before. Moving the record to another session of the same process
 * keeps it.
 *
 * <p>Used by one thread at a time, as the contract says of the lease.
 */
final class LeaderRecord {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderRecord.class);

    /** What rides along with a renewal gets no more than this of its time. */
    private static final Duration FOR_EXTRAS = Duration.ofSeconds(1);

    /** The record as this process last wrote or recognised it. */
    private record Held(long index, long epoch) {}

    private final String name;
    private final String key;
    private final Keys keys;
    private final KeyValues store;
    private final Session session;
    private final MemberRecord member;
    private final Memory memory;
    private final Ticker ticker;
    private volatile Optional<Held> held = Optional.empty();

    /**
     * Whether a request of an earlier call may still be on its way. The record is then written once
     * more before it is relied on: the new index makes the late request do nothing.
     */
    private volatile boolean suspect;

    LeaderRecord(
            String name,
            Keys keys,
            KeyValues store,
            Session session,
            MemberRecord member,
            Memory memory,
            Ticker ticker) {
        this.name = name;
        this.key = keys.of(EntryKind.LEADER);
        this.keys = keys;
        this.store = store;
        this.session = session;
        this.member = member;
        this.memory = memory;
        this.ticker = ticker;
    }

    /** Takes the record if it is free or carries my name, and proves it. */
    Outcome<Lease> claim(String what, LeaderUpdate update, Deadline deadline) {
        Claim claim = new Claim(what, deadline);
        try {
            Outcome<Lease> outcome = claim.run();
            if (outcome.isApplied()) {
                write(update, claim.id, deadline.atMost(FOR_EXTRAS));
            }
            return outcome;
        } catch (DcsException.OutcomeUnknown e) {
            suspect = true;
            throw e;
        } catch (DcsException.Misconfigured e) {
            // Rights may have been taken away between two rounds.
            suspect |= claim.wrote;
            throw e;
        } catch (DcsException.NotApplied e) {
            if (claim.wrote) {
                // An earlier round may have written although the last one did not.
                suspect = true;
                throw new DcsException.OutcomeUnknown(e.getMessage(), e);
            }
            throw e;
        }
    }

    /** One acquire or renew. */
    private final class Claim {
        private final String what;
        private final Deadline deadline;
        private String id = "";
        private boolean withMember = true;
        private boolean wrote;

        Claim(String what, Deadline deadline) {
            this.what = what;
            this.deadline = deadline;
        }

        Outcome<Lease> run() {
            while (true) {
                long sentAt = ticker.nanos();
                Optional<Stored> seen = store.get(key, what, deadline);
                // An empty name is nobody's.
                Optional<String> other =
                        seen.map(Stored::text).filter(t -> !t.equals(name) && !t.isEmpty());
                if (other.isPresent()) {
                    held = Optional.empty();
                    return Outcome.refused(
                            Outcome.Refusal.HELD_BY_OTHER,
                            "the leader record names " + other.get());
                }
                id = session.alive(deadline);
                Optional<Held> mine = isBound(seen) ? recognised(seen.get()) : bound(seen);
                if (mine.isPresent()) {
                    held = mine;
                    return Outcome.applied(lease(sentAt, mine.get()));
                }
                // What was seen has changed, or Consul puts locks off for a moment.
                store.pause(deadline);
            }
        }

        private boolean isBound(Optional<Stored> seen) {
            return !suspect && seen.filter(s -> s.text().equals(name) && s.heldBy(id)).isPresent();
        }

        private Optional<Held> recognised(Stored record) {
            return Optional.of(new Held(record.index(), epoch(record, record.index())));
        }

        /** Binds a record that is free or mine to my session; empty if something was in the way. */
        private Optional<Held> bound(Optional<Stored> seen) {
            List<Txn.Op> own = Txn.bind(key, name, id, seen);
            List<Txn.Op> more = withMember ? member.move(id) : List.of();
            wrote = true;
            Txn.End end = store.txn(what, Calls.Repeat.HARMLESS, new Txn(own).with(more), deadline);
            if (end instanceof Txn.Done done) {
                suspect = false;
                if (!more.isEmpty()) {
                    member.moved(id, done.index());
                }
                long epoch = seen.map(s -> epoch(s, done.index())).orElse(done.index());
                return Optional.of(new Held(done.index(), epoch));
            }
            inTheWay((Txn.Refused) end, own.size());
            return Optional.empty();
        }

        /** A lost session is replaced; what rides along must not cost the proof. */
        private void inTheWay(Txn.Refused refused, int own) {
            LOG.debug("{}: {}", what, refused.why());
            if (refused.sessionGone()) {
                session.forget(id);
            } else if (refused.op() >= own) {
                withMember = false;
            }
        }

        /** The epoch goes on if what I find is what this process wrote last. */
        private long epoch(Stored record, long otherwise) {
            return held.filter(h -> h.index() == record.index()).map(Held::epoch).orElse(otherwise);
        }

        private Lease lease(long sentAt, Held proof) {
            return new Lease(
                    name,
                    proof.epoch(),
                    sentAt + session.effectiveTtl().toNanos(),
                    Stored.version(proof.index()));
        }
    }

    /**
     * Writes status and failsafe as long as I hold the lease. The renewal stands whatever becomes
     * of it.
     */
    private void write(LeaderUpdate update, String id, Deadline deadline) {
        List<Txn.Op> ops = new ArrayList<>();
        add(ops, EntryKind.STATUS, update.status());
        add(ops, EntryKind.FAILSAFE, update.failsafe());
        if (ops.isEmpty()) {
            return;
        }
        try {
            Txn txn = Txn.of(Txn.heldBy(key, id)).with(ops);
            Txn.End end = store.txn("writing the status", Calls.Repeat.NEVER, txn, deadline);
            if (end instanceof Txn.Refused refused) {
                LOG.warn("the status was not written: {}", refused.why());
            } else {
                long index = ((Txn.Done) end).index();
                saw(EntryKind.STATUS, update.status(), index);
                saw(EntryKind.FAILSAFE, update.failsafe(), index);
            }
        } catch (DcsException | StoreRejected e) {
            LOG.warn("the status was not written, the renewal stands: {}", e.getMessage());
        }
    }

    private void add(List<Txn.Op> ops, EntryKind kind, Optional<Value> value) {
        value.map(Value::text)
                .filter(text -> !stands(kind, text))
                .ifPresent(text -> ops.add(Txn.set(keys.of(kind), text)));
    }

    private boolean stands(EntryKind kind, String text) {
        return memory.last(keys.of(kind)).filter(s -> s.text().equals(text)).isPresent();
    }

    private void saw(EntryKind kind, Optional<Value> value, long index) {
        value.map(Value::text)
                .filter(text -> !stands(kind, text))
                .ifPresent(
                        text ->
                                memory.saw(
                                        keys.of(kind), new Stored(text, index, Optional.empty())));
    }

    /** Deletes the record if it is mine, and writes the last status in the same moment. */
    Outcome<Outcome.Done> release(Optional<Value> lastStatus, Deadline deadline) {
        try {
            return releaseIfMine(lastStatus, deadline);
        } catch (DcsException.OutcomeUnknown e) {
            suspect = true;
            throw e;
        }
    }

    private Outcome<Outcome.Done> releaseIfMine(Optional<Value> lastStatus, Deadline deadline) {
        Optional<Value> status = lastStatus;
        while (true) {
            Optional<Stored> seen = store.get(key, "giving up the lease", deadline);
            if (seen.isEmpty()) {
                held = Optional.empty();
                return Outcome.done();
            }
            if (!seen.get().text().equals(name)) {
                held = Optional.empty();
                return Outcome.refused(
                        Outcome.Refusal.NOT_MINE, "the leader record names " + seen.get().text());
            }
            try {
                if (delete(seen.get(), status, deadline)) {
                    held = Optional.empty();
                    return Outcome.done();
                }
                store.pause(deadline);
            } catch (StoreRejected e) {
                if (status.isEmpty()) {
                    throw e;
                }
                LOG.warn("the last status was not written: {}", e.getMessage());
                status = Optional.empty();
            }
        }
    }

    /**
     * @return whether it was deleted; if not, the record has changed and wants another look
     */
    private boolean delete(Stored seen, Optional<Value> status, Deadline deadline) {
        Txn txn = new Txn(Txn.delete(key, seen.index()));
        List<Txn.Op> last =
                status.map(s -> List.of(Txn.set(keys.of(EntryKind.STATUS), s.text())))
                        .orElse(List.of());
        Txn.End end =
                store.txn("giving up the lease", Calls.Repeat.HARMLESS, txn.with(last), deadline);
        if (end instanceof Txn.Done done && status.isPresent()) {
            memory.saw(
                    keys.of(EntryKind.STATUS),
                    new Stored(status.get().text(), done.index(), Optional.empty()));
        }
        return end instanceof Txn.Done;
    }
}
