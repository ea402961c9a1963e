package io.matriarch.dcs.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.Op;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.util.List;
import java.util.Optional;

/**
 * Guarded writes of the entries that no session owns.
 *
 * <p>Every write is a transaction on the revision of the key, also an unconditional one: it looks
 * first and repeats when somebody was faster. So a write that the store applies late does nothing
 * to a newer value, and a write whose reply was lost can be told from one that never arrived.
 */
final class Entries {
    /** The state of the key that the write is to replace: a revision, or absent. */
    private record Expected(Optional<Long> revision) {
        boolean matches(Optional<Stored> now) {
            return now.map(Stored::revision).equals(revision);
        }
    }

    private final Keys keys;
    private final Store store;
    private final Memory memory;

    Entries(Keys keys, Store store, Memory memory) {
        this.keys = keys;
        this.store = store;
        this.memory = memory;
    }

    Outcome<Version> write(EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        if (kind == EntryKind.LEADER || kind == EntryKind.MEMBER) {
            throw new IllegalArgumentException(kind + " is written by lease and touch only");
        }
        Write write = new Write(kind, value.map(Value::text), guard, deadline);
        try {
            return write.run();
        } catch (DcsException.NotApplied e) {
            throw write.unknown ? new DcsException.OutcomeUnknown(e.getMessage(), e) : e;
        }
    }

    /** One write with its repetitions. */
    private final class Write {
        private final ByteSequence key;
        private final String what;
        private final Optional<String> text;
        private final Guard guard;
        private final Deadline deadline;
        private boolean unknown;

        Write(EntryKind kind, Optional<String> text, Guard guard, Deadline deadline) {
            this.key = keys.of(kind);
            this.what = (text.isPresent() ? "writing " : "deleting ") + kind.key();
            this.text = text;
            this.guard = guard;
            this.deadline = deadline;
        }

        Outcome<Version> run() {
            if (guard instanceof Guard.Unchanged unchanged) {
                Optional<Long> revision = revision(unchanged.version());
                return revision.isEmpty()
                        ? Outcome.refused(
                                Outcome.Refusal.VERSION_CHANGED, "no version of etcd was given")
                        : once(new Expected(revision));
            }
            if (guard instanceof Guard.Absent) {
                return once(new Expected(Optional.empty()));
            }
            return whateverIsThere();
        }

        /** Tries what is known first: it saves a request, and is nearly always right. */
        private Outcome<Version> whateverIsThere() {
            Optional<Memory.Known> known = memory.known(key);
            if (known.isPresent() && (text.isPresent() || known.get().stored().isPresent())) {
                Outcome<Version> outcome =
                        once(new Expected(known.get().stored().map(Stored::revision)));
                if (outcome.isApplied()) {
                    return outcome;
                }
            }
            while (true) {
                GetResponse now = store.get(key, what, deadline);
                Optional<Stored> seen = Stored.first(now);
                if (seen.isEmpty() && text.isEmpty()) {
                    return Outcome.applied(Stored.version(now.getHeader().getRevision()));
                }
                Outcome<Version> outcome = once(new Expected(seen.map(Stored::revision)));
                if (outcome.isApplied()) {
                    return outcome;
                }
            }
        }

        private Outcome<Version> once(Expected expected) {
            if (text.isEmpty() && expected.revision().isEmpty()) {
                return deletionOfNothing();
            }
            while (true) {
                try {
                    return judged(expected, send(expected));
                } catch (DcsException.OutcomeUnknown e) {
                    unknown = true;
                    Optional<Stored> now = Stored.first(store.get(key, what, deadline));
                    if (!expected.matches(now)) {
                        return resolved(now, e);
                    }
                    // Nothing arrived so far. If it still does, the repetition finds it.
                }
            }
        }

        /** Deleting under "absent" changes nothing; only the answer matters. */
        private Outcome<Version> deletionOfNothing() {
            GetResponse now = store.get(key, what, deadline);
            return now.getKvs().isEmpty()
                    ? Outcome.applied(Stored.version(now.getHeader().getRevision()))
                    : Outcome.refused(Outcome.Refusal.EXISTS, "the entry exists");
        }

        private TxnResponse send(Expected expected) {
            Cmp condition =
                    expected.revision()
                            .map(revision -> Store.unchanged(key, revision))
                            .orElseGet(() -> Store.absent(key));
            Op op = text.map(t -> Store.put(key, t)).orElseGet(() -> Store.delete(key));
            return store.txn(
                    what,
                    Calls.Repeat.NEVER,
                    deadline,
                    List.of(condition),
                    List.of(op),
                    List.of(Store.fetch(key)));
        }

        private Outcome<Version> judged(Expected expected, TxnResponse answer) {
            if (answer.isSucceeded()) {
                return applied(answer.getHeader().getRevision());
            }
            Optional<Stored> now = Stored.first(answer.getGetResponses());
            if (unknown) {
                return resolved(now, new DcsException.OutcomeUnknown(what + ": reply was lost"));
            }
            if (now.isEmpty()) {
                return Outcome.refused(Outcome.Refusal.MISSING, "the entry does not exist");
            }
            return expected.revision().isEmpty()
                    ? Outcome.refused(Outcome.Refusal.EXISTS, "the entry exists")
                    : Outcome.refused(
                            Outcome.Refusal.VERSION_CHANGED,
                            "the entry has version " + now.get().revision());
        }

        private Outcome<Version> applied(long revision) {
            memory.saw(key, text.map(t -> new Stored(t, revision, 0)), revision);
            return Outcome.applied(Stored.version(revision));
        }

        /**
         * After a lost reply the entry changed. What I wanted stands there: applied, and at most
         * once. The exceptions are creation and guarded deletion, where two members may have raced
         * for one and the same end, and only one of them may believe that it won.
         */
        private Outcome<Version> resolved(Optional<Stored> now, DcsException.OutcomeUnknown lost) {
            boolean asWanted = now.map(Stored::text).equals(text);
            boolean raced =
                    guard instanceof Guard.Absent
                            || text.isEmpty() && guard instanceof Guard.Unchanged;
            if (!asWanted || raced) {
                throw lost;
            }
            return now.map(s -> applied(s.revision()))
                    .orElseGet(
                            () ->
                                    Outcome.applied(
                                            Stored.version(
                                                    store.get(key, what, deadline)
                                                            .getHeader()
                                                            .getRevision())));
        }
    }

    private static Optional<Long> revision(Version version) {
        try {
            return Optional.of(Long.parseLong(version.token()));
        } catch (NumberFormatException e) {
            // A token of another backend can never match.
            return Optional.empty();
        }
    }
}
