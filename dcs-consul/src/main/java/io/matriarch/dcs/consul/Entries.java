package io.matriarch.dcs.consul;

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
 * <p>Every write is guarded by the index of the key, also an unconditional one: it looks first and
 * repeats when somebody was faster. So a write that the store applies late does nothing to a newer
 * value, and a write whose reply was lost can be told from one that never arrived.
 */
final class Entries {
    /** The index of a key that does not exist, as Consul has it. */
    private static final long ABSENT = 0;

    private final Keys keys;
    private final KeyValues store;
    private final Memory memory;

    Entries(Keys keys, KeyValues store, Memory memory) {
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
            // Reading back failed: the write that it was about may stand.
            throw write.unknown ? new DcsException.OutcomeUnknown(e.getMessage(), e) : e;
        }
    }

    /** One call of {@link #write}. */
    private final class Write {
        private final String key;
        private final Optional<String> text;
        private final Guard guard;
        private final Deadline deadline;
        private final String what;
        private boolean unknown;

        Write(EntryKind kind, Optional<String> text, Guard guard, Deadline deadline) {
            this.key = keys.of(kind);
            this.text = text;
            this.guard = guard;
            this.deadline = deadline;
            this.what = (text.isPresent() ? "writing " : "deleting ") + key;
        }

        Outcome<Version> run() {
            if (guard instanceof Guard.Absent) {
                return once(ABSENT);
            }
            if (guard instanceof Guard.Unchanged unchanged) {
                return Stored.index(unchanged.version())
                        .map(this::once)
                        .orElseGet(
                                () ->
                                        Outcome.refused(
                                                Outcome.Refusal.VERSION_CHANGED,
                                                "no key carries this version"));
            }
            return whateverIsThere();
        }

        private Outcome<Version> whateverIsThere() {
            Optional<Stored> now = memory.last(key).or(() -> store.get(key, what, deadline));
            while (true) {
                Outcome<Version> outcome = once(now.map(Stored::index).orElse(ABSENT));
                if (outcome.isApplied()) {
                    return outcome;
                }
                store.pause(deadline);
                now = store.get(key, what, deadline);
            }
        }

        private Outcome<Version> once(long expected) {
            if (text.isEmpty() && expected == ABSENT) {
                return deletionOfNothing();
            }
            while (true) {
                try {
                    return judged(expected, send(expected));
                } catch (DcsException.OutcomeUnknown e) {
                    unknown = true;
                    Optional<Stored> now = store.get(key, what, deadline);
                    if (now.map(Stored::index).orElse(ABSENT) != expected) {
                        return resolved(now, expected, e);
                    }
                    // Nothing arrived so far. If it still does, the repetition finds it.
                    store.pause(deadline);
                }
            }
        }

        /** Deleting under "absent" changes nothing; only the answer matters. */
        private Outcome<Version> deletionOfNothing() {
            return store.get(key, what, deadline).isEmpty()
                    ? Outcome.applied(Stored.deleted(ABSENT))
                    : Outcome.refused(Outcome.Refusal.EXISTS, "the entry exists");
        }

        private Txn.End send(long expected) {
            List<Txn.Op> ops =
                    text.map(t -> List.of(Txn.cas(key, t, expected)))
                            .orElseGet(() -> Txn.delete(key, expected));
            return store.txn(what, Calls.Repeat.NEVER, new Txn(ops), deadline);
        }

        private Outcome<Version> judged(long expected, Txn.End end) {
            if (end instanceof Txn.Done done) {
                return applied(expected, done.index());
            }
            // Consul's words for a refused guard are not a promise, so the key itself is asked.
            Optional<Stored> now = store.get(key, what, deadline);
            if (unknown) {
                return resolved(
                        now, expected, new DcsException.OutcomeUnknown(what + ": reply was lost"));
            }
            String why = ((Txn.Refused) end).why();
            if (expected == ABSENT) {
                return Outcome.refused(Outcome.Refusal.EXISTS, why);
            }
            return now.isEmpty()
                    ? Outcome.refused(Outcome.Refusal.MISSING, why)
                    : Outcome.refused(Outcome.Refusal.VERSION_CHANGED, why);
        }

        private Outcome<Version> applied(long expected, long index) {
            if (text.isEmpty()) {
                memory.gone(key);
                return Outcome.applied(Stored.deleted(expected));
            }
            memory.saw(key, new Stored(text.get(), index, Optional.empty()));
            return Outcome.applied(Stored.version(index));
        }

        /**
         * After a lost reply the entry changed. What I wanted stands there: applied, and at most
         * once. The exceptions are creation and deletion, where two members may have raced for one
         * and the same end, and only one of them may believe that it won.
         */
        private Outcome<Version> resolved(
                Optional<Stored> now, long expected, DcsException.OutcomeUnknown lost) {
            boolean asWanted = now.map(Stored::text).equals(text);
            boolean raced = guard instanceof Guard.Absent || text.isEmpty();
            if (!asWanted || raced) {
                throw lost;
            }
            return applied(expected, now.map(Stored::index).orElse(expected));
        }
    }
}
