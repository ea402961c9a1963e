package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Value;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader record: taking it, proving it, giving it up.
 *
 * <p>A proof is a pair of requests. The first is a write, so that a quorum has to agree: it creates
 * the record, takes it over, or only compares its version. The second, sent right behind it, reads
 * the record: it is answered after the write has reached this server. The write alone proves
 * nothing, because the version of a record that somebody deleted and another member created looks
 * like that of the old one. But a record that the read shows as mine, created by the transaction
 * that I know, was mine when the write was carried out.
 *
 * <p>A deletion must not hit the record of a member that was faster: the record that was read may
 * have ended with its session meanwhile, and another member's has the same version. So each
 * deletion, also that of a takeover, which replaces the record in one transaction, carries a
 * condition that no later record meets: that nothing was created beside it since ({@link
 * Creations}). It holds for every kind of record alike, whether the peer made it or this backend,
 * whatever became of the member record, and however late the request arrives.
 *
 * <p>The epoch is the transaction that created the record. Moving the record to another session of
 * this process keeps it. Used by one thread at a time, as the contract says of the lease, and by
 * the {@link LeaseKeeper}.
 */
final class LeaderRecord {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderRecord.class);

    /** Something changed since it was read, and may be read again. */
    private static final Set<Code> LOST_RACE =
            EnumSet.of(Code.NONODE, Code.NODEEXISTS, Code.BADVERSION);

    /** The record as this process created or recognised it. */
    private record Held(Stored record, long epoch) {}

    private final String name;
    private final String path;
    private final Paths paths;
    private final Calls calls;
    private final Sessions sessions;
    private final MemberRecord member;
    private final Folders folders;
    private final LeaseKeeper keeper;
    private volatile Optional<Held> held = Optional.empty();

    LeaderRecord(
            Paths paths,
            Calls calls,
            Sessions sessions,
            MemberRecord member,
            Folders folders,
            LeaseKeeper keeper) {
        this.name = member.name();
        this.path = paths.of(EntryKind.LEADER);
        this.paths = paths;
        this.calls = calls;
        this.sessions = sessions;
        this.member = member;
        this.folders = folders;
        this.keeper = keeper;
    }

    /** Whether the record is known to be bound to this session, or to none of this process. */
    boolean boundOnlyTo(long session) {
        return held.map(h -> h.record().owner() == session).orElse(true);
    }

    /** Takes the record if it is free or carries my name, and proves it. */
    Outcome<Lease> claim(String what, LeaderUpdate update, Deadline deadline) {
        Claim claim = new Claim();
        Outcome<Lease> outcome = calls.call(what, deadline, () -> claim.wrote, claim::round);
        if (outcome.isApplied()) {
            write(EntryKind.STATUS, update.status(), deadline);
            write(EntryKind.FAILSAFE, update.failsafe(), deadline);
        }
        return outcome;
    }

    /** One acquire or renew. */
    private final class Claim {
        private boolean wrote;

        Outcome<Lease> round(Calls.Round round) {
            Live live = round.live();
            keeper.claimed(live, round.deadline());
            // The validity is counted from what a barrier proves: the later this one, the longer.
            round.passed(live.barrier());
            Optional<Held> known = held.filter(h -> h.record().owner() == live.session());
            while (true) {
                Optional<Stored> before = known.map(Held::record);
                // A comparison changes nothing; whatever else is sent may take effect later.
                wrote |= before.isEmpty();
                Pair pair =
                        before.isPresent()
                                ? pair(round, List.of(Op.check(path, before.get().version())))
                                : pair(round, List.of(creation()));
                Optional<Outcome<Lease>> outcome = judged(live, pair, before, Optional.empty());
                if (outcome.isPresent()) {
                    return outcome.get();
                }
                if (pair.seen().isEmpty() && pair.write().is(Code.NONODE) && before.isEmpty()) {
                    folders.make(round, path);
                }
                if (pair.seen().filter(s -> s.owner() != live.session()).isPresent()) {
                    outcome = takeover(round);
                    if (outcome.isPresent()) {
                        return outcome.get();
                    }
                }
                known = pair.seen().flatMap(s -> recognised(live, s));
            }
        }

        private Optional<Outcome<Lease>> takeover(Calls.Round round) {
            Live live = round.live();
            CompletableFuture<Answer<Stat>> folder = live.stat(paths.base());
            CompletableFuture<Answer<Stored>> leader = live.get(path);
            CompletableFuture<Answer<Stored>> mine = live.get(member.path());
            Answer<Stat> before = round.answer(folder);
            Answer<Stored> old = round.answer(leader);
            Answer<Stored> companion = round.answer(mine);
            if (!old.ok()
                    || !old.value().text().equals(name)
                    || old.value().owner() == live.session()) {
                return Optional.empty();
            }
            List<Op> ops = deletion(before, old.value());
            ops.add(creation());
            if (companion.ok() && companion.value().owner() == old.value().owner()) {
                ops.addAll(member.replacing(companion.value(), companion.value().text()));
            }
            wrote = true;
            return judged(live, pair(round, ops), Optional.empty(), Optional.of(old.value()));
        }

        private Op creation() {
            return Op.create(path, Stored.bytes(name), folders.acl(), CreateMode.EPHEMERAL);
        }

        private Optional<Held> recognised(Live live, Stored seen) {
            return Optional.of(seen)
                    .filter(s -> s.text().equals(name) && s.owner() == live.session())
                    .map(s -> asHeld(s, Optional.empty()));
        }

        /** Empty if the pair tells nothing for certain: something changed meanwhile. */
        private Optional<Outcome<Lease>> judged(
                Live live, Pair pair, Optional<Stored> before, Optional<Stored> replaced) {
            Optional<Stored> seen = pair.seen();
            if (seen.isPresent() && !seen.get().text().equals(name)) {
                held = Optional.empty();
                keeper.free();
                return Optional.of(
                        Outcome.refused(
                                Outcome.Refusal.HELD_BY_OTHER,
                                "the leader record names " + seen.get().text()));
            }
            Optional<Stored> mine = seen.filter(s -> s.owner() == live.session());
            Optional<Stored> put = pair.write().ok() ? replaced : Optional.empty();
            mine.ifPresent(s -> held = Optional.of(asHeld(s, put)));
            boolean proven =
                    mine.isPresent()
                            && pair.write().ok()
                            && before.map(b -> b.created() == mine.get().created()).orElse(true);
            if (!proven) {
                return Optional.empty();
            }
            sessions.leaveFormer();
            long sentAt = pair.write().sentAt();
            long until = pair.write().arrivedAt() + live.sessionNanos();
            keeper.proven(live, sentAt);
            return Optional.of(
                    Outcome.applied(
                            new Lease(
                                    name, held.orElseThrow().epoch(), until, mine.get().token())));
        }
    }

    /**
     * @param replaced the record in whose place this one was put, if that is known
     */
    private Held asHeld(Stored record, Optional<Stored> replaced) {
        long epoch =
                held.filter(h -> sameZnode(h.record(), record) || replaced(h.record(), replaced))
                        .map(Held::epoch)
                        .orElse(record.created());
        return new Held(record, epoch);
    }

    private static boolean replaced(Stored before, Optional<Stored> replaced) {
        return replaced.filter(old -> sameZnode(old, before)).isPresent();
    }

    private static boolean sameZnode(Stored one, Stored other) {
        return one.created() == other.created();
    }

    /**
     * Of this record and of none that came later.
     *
     * @param before the folder, read before the record was
     */
    private List<Op> deletion(Answer<Stat> before, Stored record) {
        if (!before.ok()) {
            throw new Lost("the folder of the leader record was created just now");
        }
        Creations known = Creations.of(paths.base(), before.value());
        List<Op> ops = new ArrayList<>(known.unchanged(folders.acl()));
        ops.add(Op.delete(path, record.version()));
        return ops;
    }

    /** What a write and the read behind it came to. */
    private record Pair(Answer<?> write, Optional<Stored> seen) {}

    private Pair pair(Calls.Round round, List<Op> ops) {
        var write = round.live().multi(ops);
        var read = round.live().get(path);
        Answer<?> written = round.answer(write);
        Answer<Stored> seen = round.answer(read);
        if (!written.ok() && !LOST_RACE.contains(written.code())) {
            throw new DcsException.NotApplied(
                    "ZooKeeper rejects a change of the leader record: " + written.code());
        }
        return new Pair(written, seen.ok() ? Optional.of(seen.value()) : Optional.empty());
    }

    /** What rides along with a renewal. Its failure is of no consequence, so it is only told. */
    private void write(EntryKind kind, Optional<Value> value, Deadline deadline) {
        if (value.isEmpty() || deadline.passed()) {
            return;
        }
        String text = value.get().text();
        if (!Entries.fits(text)) {
            LOG.warn("{} is larger than the megabyte that ZooKeeper takes", kind.key());
            return;
        }
        try {
            boolean[] sent = {false};
            calls.call(
                    "writing " + kind.key(),
                    deadline,
                    () -> sent[0],
                    round -> blindly(round, paths.of(kind), text, sent));
        } catch (DcsException e) {
            LOG.info("{} was not written with the renewal: {}", kind.key(), e.getMessage());
        }
    }

    private boolean blindly(Calls.Round round, String target, String text, boolean[] sent) {
        if (sent[0]) {
            throw new DcsException.OutcomeUnknown("the reply was lost");
        }
        Answer<Stored> now = round.answer(round.live().get(target));
        if (now.ok() && now.value().text().equals(text)) {
            return true;
        }
        sent[0] = true;
        Answer<?> answer =
                now.ok()
                        ? round.answer(round.live().set(target, text, now.value().version()))
                        : round.answer(
                                round.live()
                                        .create(
                                                target,
                                                text,
                                                folders.acl(),
                                                CreateMode.PERSISTENT));
        return answer.ok();
    }

    /**
     * Ends a lease that nobody renewed in its time, although the session lives: the library keeps
     * it alive whatever this process does.
     */
    void lapse(Deadline deadline) {
        boolean[] wrote = {false};
        boolean ended =
                calls.call(
                        "ending a lease that was not renewed",
                        deadline,
                        () -> wrote[0],
                        round -> lapsed(round, wrote));
        held = Optional.empty();
        if (ended) {
            LOG.warn("the lease was not renewed in its time, so its record was removed");
        }
    }

    private boolean lapsed(Calls.Round round, boolean[] wrote) {
        while (true) {
            CompletableFuture<Answer<Stat>> folder = round.live().stat(paths.base());
            CompletableFuture<Answer<Stored>> leader = round.live().get(path);
            Answer<Stat> before = round.answer(folder);
            Answer<Stored> seen = round.answer(leader);
            if (!seen.ok()
                    || !seen.value().text().equals(name)
                    || !sessions.mine(seen.value().owner())) {
                return wrote[0];
            }
            wrote[0] = true;
            if (round.answer(round.live().multi(deletion(before, seen.value()))).ok()) {
                return true;
            }
        }
    }

    /** Deletes the record if it is mine, and writes the last status in the same step. */
    Outcome<Outcome.Done> release(Optional<Value> lastStatus, Deadline deadline) {
        boolean[] wrote = {false};
        Optional<Value> fitting = lastStatus.filter(status -> Entries.fits(status.text()));
        return calls.call(
                "giving up the lease",
                deadline,
                () -> wrote[0],
                round -> released(round, fitting, wrote));
    }

    private Outcome<Outcome.Done> released(
            Calls.Round round, Optional<Value> status, boolean[] wrote) {
        Optional<Value> last = status;
        while (true) {
            Live live = round.live();
            CompletableFuture<?> barrier = live.barrier();
            CompletableFuture<Answer<Stat>> folder = live.stat(paths.base());
            CompletableFuture<Answer<Stored>> leader = live.get(path);
            CompletableFuture<Answer<Stored>> former = live.get(paths.of(EntryKind.STATUS));
            round.passed(barrier);
            Answer<Stat> before = round.answer(folder);
            Answer<Stored> seen = round.answer(leader);
            if (!seen.ok()) {
                held = Optional.empty();
                keeper.free();
                return Outcome.done();
            }
            if (!seen.value().text().equals(name)) {
                held = Optional.empty();
                keeper.free();
                return Outcome.refused(
                        Outcome.Refusal.NOT_MINE, "the leader record names " + seen.value().text());
            }
            List<Op> ops = deletion(before, seen.value());
            last.ifPresent(value -> ops.add(statusOp(round.answer(former), value.text())));
            wrote[0] = true;
            Answer<?> answer = round.answer(live.multi(ops));
            if (!answer.ok() && !LOST_RACE.contains(answer.code())) {
                // The status is worth less than a free lease.
                last = Optional.empty();
            }
        }
    }

    private Op statusOp(Answer<Stored> now, String text) {
        String target = paths.of(EntryKind.STATUS);
        return now.ok()
                ? Op.setData(target, Stored.bytes(text), -1)
                : Op.create(target, Stored.bytes(text), folders.acl(), CreateMode.PERSISTENT);
    }
}
