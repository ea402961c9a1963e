package io.matriarch.dcs.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.Op;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The leader record: taking it, proving it, giving it up.
 *
 * <p>A proof has two halves. The etcd lease is prolonged first; then a transaction shows that the
 * record carries my name at the revision at which I bound it to that lease. Prolonging alone proves
 * nothing, because an etcd leader that was deposed without knowing it may acknowledge it. Hence
 * both answers must carry one raft term: then the leader that prolonged was still the leader when a
 * quorum answered the transaction.
 *
 * <p>Every write is guarded by the revision that was seen, also where the name alone would do for
 * the peer. A write that the store applies after its call gave up then finds another revision and
 * does nothing, instead of binding the record to an old lease or deleting one that I hold again.
 *
 * <p>The epoch is the revision at which this process bound the record: a creation or a takeover is
 * a write, so it is larger than any before. Moving the record to another lease of the same process
 * keeps it.
 *
 * <p>Used by one thread at a time, as the contract says of the lease.
 */
final class LeaderRecord {
    /** The record as this process last wrote or recognised it. */
    private record Held(long revision, long lease, long epoch) {}

    /** What one round came to. */
    private sealed interface Step {}

    private record Proven(Held held, long term) implements Step {}

    private record HeldBy(String name) implements Step {}

    private final String name;
    private final ByteSequence key;
    private final Keys keys;
    private final Store store;
    private final Session session;
    private final MemberRecord member;
    private final Memory memory;
    private volatile Optional<Held> held = Optional.empty();

    /**
     * Whether a request of an earlier call may still be on its way. The record is then written once
     * more before it is relied on: the new revision makes the late request do nothing.
     */
    private volatile boolean suspect;

    LeaderRecord(
            String name,
            Keys keys,
            Store store,
            Session session,
            MemberRecord member,
            Memory memory) {
        this.name = name;
        this.key = keys.of(EntryKind.LEADER);
        this.keys = keys;
        this.store = store;
        this.session = session;
        this.member = member;
        this.memory = memory;
    }

    /** Takes the record if it is free or carries my name, and proves it. */
    Outcome<Lease> claim(String what, LeaderUpdate update, Deadline deadline) {
        Claim claim = new Claim(what, update, deadline);
        try {
            return claim.run();
        } catch (DcsException.OutcomeUnknown e) {
            suspect = true;
            throw e;
        } catch (DcsException.NotApplied e) {
            // An earlier round may have written although the last one did not.
            throw claim.wrote ? new DcsException.OutcomeUnknown(e.getMessage(), e) : e;
        }
    }

    /** One acquire or renew. */
    private final class Claim {
        private final String what;
        private final LeaderUpdate update;
        private final Deadline deadline;
        private boolean withExtras = true;
        private boolean wrote;

        Claim(String what, LeaderUpdate update, Deadline deadline) {
            this.what = what;
            this.update = update;
            this.deadline = deadline;
        }

        Outcome<Lease> run() {
            while (true) {
                Session.Alive alive = session.refresh(deadline);
                try {
                    Step step = round(alive);
                    if (step instanceof HeldBy other) {
                        held = Optional.empty();
                        return Outcome.refused(
                                Outcome.Refusal.HELD_BY_OTHER,
                                "the leader record names " + other.name());
                    }
                    Proven proven = (Proven) step;
                    held = Optional.of(proven.held());
                    if (alive.term().isEmpty() || alive.term().getAsLong() == proven.term()) {
                        return Outcome.applied(lease(alive, proven.held()));
                    }
                } catch (StoreRejected e) {
                    recover(e, alive);
                }
            }
        }

        /** A lost lease is replaced; what rides along must not cost the proof. */
        private void recover(StoreRejected e, Session.Alive alive) {
            if (e.fault() == Fault.LEASE_GONE) {
                session.forget(alive.id());
            } else if (withExtras) {
                withExtras = false;
            } else {
                throw e;
            }
        }

        private Lease lease(Session.Alive alive, Held proof) {
            return new Lease(
                    name, proof.epoch(), alive.validUntil(), Stored.version(proof.revision()));
        }

        private Step round(Session.Alive alive) {
            Optional<Held> known = held.filter(record -> record.lease() == alive.id() && !suspect);
            Optional<Stored> seen;
            if (known.isPresent()) {
                Extras extras = extras(alive);
                TxnResponse answer =
                        send(
                                List.of(mine(), Store.unchanged(key, known.get().revision())),
                                extras.opsOr(Store.fetch(key)));
                if (answer.isSucceeded()) {
                    extras.written(answer);
                    return new Proven(known.get(), answer.getHeader().getRaftTerm());
                }
                seen = Stored.first(answer.getGetResponses());
            } else {
                seen = Stored.first(store.get(key, what, deadline));
            }
            return take(seen, alive);
        }

        /** Binds a record that is free or mine to my lease. */
        private Step take(Optional<Stored> first, Session.Alive alive) {
            Optional<Stored> seen = first;
            while (true) {
                // An empty name is nobody's.
                if (seen.filter(s -> !s.text().equals(name) && !s.text().isEmpty()).isPresent()) {
                    return new HeldBy(seen.get().text());
                }
                if (!suspect
                        && seen.filter(s -> s.text().equals(name) && s.lease() == alive.id())
                                .isPresent()) {
                    // The reply to an earlier attempt was lost: prove what it wrote.
                    held = Optional.of(recognised(seen.get(), alive));
                    return round(alive);
                }
                Extras extras = extras(alive);
                List<Op> ops = new ArrayList<>(List.of(Store.put(key, name, alive.id())));
                ops.addAll(extras.ops());
                wrote = true;
                TxnResponse answer = send(guard(seen), ops);
                if (answer.isSucceeded()) {
                    extras.written(answer);
                    return taken(seen, alive, answer);
                }
                wrote = false;
                seen = Stored.first(answer.getGetResponses());
            }
        }

        private Held recognised(Stored record, Session.Alive alive) {
            long epoch =
                    held.filter(before -> before.revision() == record.revision())
                            .map(Held::epoch)
                            .orElse(record.revision());
            return new Held(record.revision(), alive.id(), epoch);
        }

        private Step taken(Optional<Stored> seen, Session.Alive alive, TxnResponse answer) {
            suspect = false;
            long revision = answer.getHeader().getRevision();
            long epoch =
                    held.filter(h -> seen.filter(s -> s.revision() == h.revision()).isPresent())
                            .map(Held::epoch)
                            .orElse(revision);
            return new Proven(
                    new Held(revision, alive.id(), epoch), answer.getHeader().getRaftTerm());
        }

        private List<Cmp> guard(Optional<Stored> seen) {
            return seen.map(
                            s ->
                                    List.of(
                                            Store.holds(key, s.text()),
                                            Store.unchanged(key, s.revision())))
                    .orElseGet(() -> List.of(Store.absent(key)));
        }

        private TxnResponse send(List<Cmp> conditions, List<Op> then) {
            return store.txn(
                    what,
                    Calls.Repeat.HARMLESS,
                    deadline,
                    conditions,
                    then,
                    List.of(Store.fetch(key)));
        }

        private Extras extras(Session.Alive alive) {
            return withExtras ? new Extras(update, alive) : new Extras(LeaderUpdate.NONE, null);
        }
    }

    /** What rides along with a claim: status, failsafe, and a member record on an old lease. */
    private final class Extras {
        private record Put(EntryKind kind, ByteSequence key, String text, long lease) {}

        private final List<Put> puts = new ArrayList<>();

        Extras(LeaderUpdate update, Session.Alive alive) {
            add(EntryKind.STATUS, update.status());
            add(EntryKind.FAILSAFE, update.failsafe());
            if (alive != null) {
                member.boundElsewhere(alive.id())
                        .ifPresent(
                                text ->
                                        puts.add(
                                                new Put(
                                                        EntryKind.MEMBER,
                                                        member.key(),
                                                        text,
                                                        alive.id())));
            }
        }

        private void add(EntryKind kind, Optional<Value> value) {
            ByteSequence target = keys.of(kind);
            value.map(Value::text)
                    .filter(text -> !stands(target, text))
                    .ifPresent(text -> puts.add(new Put(kind, target, text, 0)));
        }

        private boolean stands(ByteSequence target, String text) {
            return memory.last(target).filter(s -> s.text().equals(text)).isPresent();
        }

        List<Op> ops() {
            return puts.stream().map(p -> Store.put(p.key(), p.text(), p.lease())).toList();
        }

        List<Op> opsOr(Op otherwise) {
            return puts.isEmpty() ? List.of(otherwise) : ops();
        }

        void written(TxnResponse answer) {
            long revision = answer.getHeader().getRevision();
            for (Put p : puts) {
                memory.saw(
                        p.key(), Optional.of(new Stored(p.text(), revision, p.lease())), revision);
            }
        }
    }

    private Cmp mine() {
        return Store.holds(key, name);
    }

    /** Deletes the record if it is mine, and writes the last status in the same revision. */
    Outcome<Outcome.Done> release(Optional<Value> lastStatus, Deadline deadline) {
        try {
            return releaseIfMine(lastStatus, deadline);
        } catch (DcsException.OutcomeUnknown e) {
            suspect = true;
            throw e;
        }
    }

    private Outcome<Outcome.Done> releaseIfMine(Optional<Value> lastStatus, Deadline deadline) {
        Optional<Stored> seen = Stored.first(store.get(key, "giving up the lease", deadline));
        Optional<Value> status = lastStatus;
        while (seen.isPresent()) {
            if (!seen.get().text().equals(name)) {
                held = Optional.empty();
                return Outcome.refused(
                        Outcome.Refusal.NOT_MINE, "the leader record names " + seen.get().text());
            }
            try {
                TxnResponse answer = deleteIfMine(seen.get(), status, deadline);
                seen =
                        answer.isSucceeded()
                                ? Optional.empty()
                                : Stored.first(answer.getGetResponses());
            } catch (StoreRejected e) {
                if (status.isEmpty()) {
                    throw e;
                }
                // A full store still deletes; the status is worth less than a free lease.
                status = Optional.empty();
            }
        }
        held = Optional.empty();
        return Outcome.done();
    }

    private TxnResponse deleteIfMine(Stored seen, Optional<Value> status, Deadline deadline) {
        List<Op> ops = new ArrayList<>();
        status.ifPresent(s -> ops.add(Store.put(keys.of(EntryKind.STATUS), s.text())));
        ops.add(Store.delete(key));
        TxnResponse answer =
                store.txn(
                        "giving up the lease",
                        Calls.Repeat.HARMLESS,
                        deadline,
                        List.of(mine(), Store.unchanged(key, seen.revision())),
                        ops,
                        List.of(Store.fetch(key)));
        long revision = answer.getHeader().getRevision();
        if (answer.isSucceeded()) {
            status.ifPresent(
                    s ->
                            memory.saw(
                                    keys.of(EntryKind.STATUS),
                                    Optional.of(new Stored(s.text(), revision, 0)),
                                    revision));
        }
        return answer;
    }
}
