package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;

/**
 * Guarded writes of single entries. Each is a comparison with what a read showed, and then a write
 * under the version that the read showed: also a blind one, so that a write that arrives late meets
 * another version and does nothing.
 *
 * <p>ZooKeeper compares the count of writes, which begins anew with each znode. A znode that was
 * deleted and created again between that read and the write would pass for the old one if it has
 * been written as often. So what is written under a guard carries the condition that nothing was
 * created beside it since ({@link Creations}).
 */
final class Entries {
    /** ZooKeeper drops the connection of whoever sends more than a megabyte. */
    static final int LARGEST = 1_000_000;

    private final Paths paths;
    private final Calls calls;
    private final Folders folders;
    private final Seen seen;

    Entries(Paths paths, Calls calls, Folders folders, Seen seen) {
        this.paths = paths;
        this.calls = calls;
        this.folders = folders;
        this.seen = seen;
    }

    Outcome<Version> write(EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        if (kind == EntryKind.LEADER || kind == EntryKind.MEMBER) {
            throw new IllegalArgumentException(kind + " is written by lease and touch only");
        }
        Optional<String> text = value.map(Value::text);
        if (!deadline.passed() && text.filter(t -> !fits(t)).isPresent()) {
            throw new DcsException.NotApplied(
                    kind.key() + " is larger than the megabyte that ZooKeeper takes");
        }
        Write write = new Write(kind, text, guard);
        return calls.call(write.what, deadline, () -> write.wrote, write::round);
    }

    static boolean fits(String text) {
        return text.length() <= LARGEST && Stored.bytes(text).length <= LARGEST;
    }

    /** One write with its repetitions. */
    private final class Write {
        private final EntryKind kind;
        private final String path;
        private final String what;
        private final Optional<String> text;
        private final Guard guard;
        private Optional<Stored> expected = Optional.empty();

        /** What a guarded change wants unchanged beside its own znode. */
        private Optional<Creations> beside = Optional.empty();

        /** Whether a request was sent whose outcome is not known. */
        private boolean unknown;

        private boolean wrote;

        Write(EntryKind kind, Optional<String> text, Guard guard) {
            this.kind = kind;
            this.path = paths.of(kind);
            this.what = (text.isPresent() ? "writing " : "deleting ") + kind.key();
            this.text = text;
            this.guard = guard;
        }

        Outcome<Version> round(Calls.Round round) {
            Optional<Stored> known = wrote ? Optional.empty() : blindlyChanged();
            if (known.isPresent()) {
                expected = known;
                Optional<Outcome<Version>> done = send(round, known);
                if (done.isPresent()) {
                    return done.get();
                }
            }
            return compared(round);
        }

        /** A write that compares nothing needs no read, as long as some version is known. */
        private Optional<Stored> blindlyChanged() {
            return guard instanceof Guard.Any && text.isPresent()
                    ? seen.of(kind)
                    : Optional.empty();
        }

        private Outcome<Version> compared(Calls.Round round) {
            boolean caughtUp = false;
            while (true) {
                Optional<Stored> now = read(round, caughtUp);
                if (unknown && !now.map(Stored::token).equals(expected.map(Stored::token))) {
                    return resolved(now);
                }
                Optional<Outcome<Version>> refused = refusal(now);
                if (refused.isPresent() && !caughtUp) {
                    // A follower that lags behind must not refuse what its leader would accept.
                    caughtUp = true;
                    continue;
                }
                if (refused.isPresent()) {
                    return refused.get();
                }
                if (text.isEmpty() && now.isEmpty()) {
                    return Outcome.applied(Stored.version(0, -1));
                }
                expected = now;
                Optional<Outcome<Version>> done = send(round, now);
                if (done.isPresent()) {
                    return done.get();
                }
                caughtUp = true;
            }
        }

        private Optional<Stored> read(Calls.Round round, boolean catchUp) {
            if (catchUp || unknown) {
                round.passed(round.live().barrier());
            }
            var folder = round.live().stat(paths.base());
            var entry = round.live().get(path);
            if (guard instanceof Guard.Unchanged) {
                beside = creations(round.answer(folder));
            }
            Answer<Stored> answer = round.answer(entry);
            return answer.ok() ? Optional.of(answer.value()) : Optional.empty();
        }

        private Optional<Creations> creations(Answer<Stat> folder) {
            return folder.ok()
                    ? Optional.of(Creations.of(paths.base(), folder.value()))
                    : Optional.empty();
        }

        private Optional<Outcome<Version>> refusal(Optional<Stored> now) {
            if (guard instanceof Guard.Absent) {
                return now.map(s -> refused(Outcome.Refusal.EXISTS, "the entry exists"));
            }
            if (guard instanceof Guard.Unchanged unchanged) {
                if (now.isEmpty()) {
                    return Optional.of(
                            refused(Outcome.Refusal.MISSING, "the entry does not exist"));
                }
                return now.filter(s -> !s.token().equals(unchanged.version()))
                        .map(
                                s ->
                                        refused(
                                                Outcome.Refusal.VERSION_CHANGED,
                                                "the entry has version " + s.token()));
            }
            return Optional.empty();
        }

        private Outcome<Version> refused(Outcome.Refusal reason, String detail) {
            return Outcome.refused(reason, detail);
        }

        /** Empty if the znode changed since it was read. */
        private Optional<Outcome<Version>> send(Calls.Round round, Optional<Stored> now) {
            wrote = true;
            unknown = true;
            if (text.isEmpty()) {
                return deleted(round, now.orElseThrow());
            }
            return now.isPresent() ? changed(round, now.get()) : created(round);
        }

        private Optional<Outcome<Version>> deleted(Calls.Round round, Stored now) {
            return change(round, Op.delete(path, now.version()))
                    .map(result -> Outcome.applied(now.deleted()));
        }

        private Optional<Outcome<Version>> changed(Calls.Round round, Stored now) {
            byte[] data = Stored.bytes(text.orElseThrow());
            return change(round, Op.setData(path, data, now.version()))
                    .map(result -> written(data, (OpResult.SetDataResult) result));
        }

        private Outcome<Version> written(byte[] data, OpResult.SetDataResult result) {
            Stored put = Stored.of(data, result.getStat());
            seen.saw(kind, put);
            return Outcome.applied(put.token());
        }

        private Optional<OpResult> change(Calls.Round round, Op op) {
            List<Op> ops = new ArrayList<>();
            beside.ifPresent(same -> ops.addAll(same.unchanged(folders.acl())));
            ops.add(op);
            Answer<List<OpResult>> answer = round.answer(round.live().multi(ops));
            unknown = false;
            if (answer.ok()) {
                return Optional.of(answer.value().get(ops.size() - 1));
            }
            lookAgainAfter(answer.code());
            return Optional.empty();
        }

        private Optional<Outcome<Version>> created(Calls.Round round) {
            Answer<Stat> answer =
                    round.answer(
                            round.live()
                                    .create(
                                            path,
                                            text.orElseThrow(),
                                            folders.acl(),
                                            CreateMode.PERSISTENT));
            unknown = false;
            if (answer.ok()) {
                return Optional.of(Outcome.applied(Stored.version(answer.value().getCzxid(), 0)));
            }
            if (answer.is(Code.NONODE)) {
                folders.make(round, path);
                return Optional.empty();
            }
            lookAgainAfter(answer.code());
            return Optional.empty();
        }

        /** A lost race is looked at again; anything else no repetition can mend. */
        private void lookAgainAfter(Code code) {
            switch (code) {
                case BADVERSION, NONODE, NODEEXISTS -> {}
                default ->
                        throw new DcsException.NotApplied(what + ": ZooKeeper rejects it: " + code);
            }
        }

        /**
         * After a lost reply the entry changed. What I wanted stands there: applied, and once. The
         * exceptions are creation, where two may have raced with one and the same text, and a
         * guarded deletion, which may have come too late and another one after it: only one of them
         * may believe that it won.
         */
        private Outcome<Version> resolved(Optional<Stored> now) {
            boolean anothers =
                    guard instanceof Guard.Absent
                            || guard instanceof Guard.Unchanged && text.isEmpty();
            if (anothers || !now.map(Stored::text).equals(text)) {
                throw new DcsException.OutcomeUnknown(
                        what + ": the reply was lost, and the entry has changed since");
            }
            return Outcome.applied(
                    now.map(Stored::token).orElseGet(() -> expected.orElseThrow().deleted()));
        }
    }
}
