package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Guarded writes of the entries.
 *
 * <p>Several entries share an object, and a version belongs to the entry: a write whose object was
 * changed elsewhere looks again and goes on if its own entry is still as the guard wants it. Every
 * write carries the resourceVersion of the object it judged, also an unconditional one, so one that
 * arrives late does nothing; and it leaves its mark, by which it is recognised if its reply is
 * lost.
 */
final class Entries {
    private final Names names;
    private final Store store;
    private final Known known;

    Entries(Names names, Store store, Known known) {
        this.names = names;
        this.store = store;
        this.known = known;
    }

    Outcome<Version> write(EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        Write write = new Write(Layout.of(kind), value, guard, deadline);
        try {
            return write.run();
        } catch (DcsException.NotApplied e) {
            // A later look failed, after a try that may have taken effect.
            throw write.doubtful ? new DcsException.OutcomeUnknown(e.getMessage(), e) : e;
        }
    }

    /** One write with its repetitions. */
    private final class Write {
        private final Layout layout;
        private final String name;
        private final String what;
        private final Optional<Value> value;
        private final Guard guard;
        private final Deadline deadline;
        private final String mark = UUID.randomUUID().toString();
        private boolean doubtful;

        Write(Layout layout, Optional<Value> value, Guard guard, Deadline deadline) {
            this.layout = layout;
            this.name = names.of(layout.kind());
            this.what = (value.isPresent() ? "writing " : "deleting ") + layout.kind().key();
            this.value = value;
            this.guard = guard;
            this.deadline = deadline;
        }

        Outcome<Version> run() {
            Optional<StoredObject> now = known.object(name);
            if (now.isEmpty() || refusal(now).isPresent() || nothingToDelete(now)) {
                now = look();
            }
            while (true) {
                Optional<Outcome<Version>> refused = refusal(now);
                if (refused.isPresent()) {
                    return refused.get();
                }
                if (nothingToDelete(now)) {
                    return Outcome.applied(new Version("none-" + mark));
                }
                Store.Written written = send(now);
                if (written instanceof Store.Applied applied) {
                    return applied(applied.object());
                }
                if (written instanceof Store.Unacceptable bad) {
                    throw new DcsException.NotApplied(bad.message());
                }
                doubtful |= ((Store.Conflict) written).doubtful();
                now = look();
                if (doubtful) {
                    return resolved(now);
                }
            }
        }

        private Optional<StoredObject> look() {
            Optional<StoredObject> now = store.get(what, names.object(name), deadline);
            now.ifPresentOrElse(known::saw, () -> known.forget(name));
            return now;
        }

        private Optional<Version> version(Optional<StoredObject> now) {
            return now.flatMap(object -> layout.version(object.annotations()));
        }

        private boolean nothingToDelete(Optional<StoredObject> now) {
            return value.isEmpty() && version(now).isEmpty();
        }

        private Optional<Outcome<Version>> refusal(Optional<StoredObject> now) {
            Optional<Version> version = version(now);
            if (guard instanceof Guard.Absent && version.isPresent()) {
                return Optional.of(
                        Outcome.refused(Outcome.Refusal.EXISTS, "the entry exists already"));
            }
            if (guard instanceof Guard.Unchanged unchanged
                    && !version.equals(Optional.of(unchanged.version()))) {
                return Optional.of(
                        version.isEmpty()
                                ? Outcome.refused(
                                        Outcome.Refusal.MISSING, "the entry does not exist")
                                : Outcome.refused(
                                        Outcome.Refusal.VERSION_CHANGED,
                                        "the entry has version " + version.get()));
            }
            return Optional.empty();
        }

        private Store.Written send(Optional<StoredObject> now) {
            Map<String, Optional<String>> changes = layout.changes(value, mark);
            return now.map(
                            object ->
                                    store.patch(
                                            what,
                                            names,
                                            object,
                                            changes,
                                            Optional.empty(),
                                            deadline))
                    .orElseGet(
                            () ->
                                    store.create(
                                            what,
                                            names,
                                            name,
                                            changes,
                                            Optional.empty(),
                                            deadline));
        }

        private Outcome<Version> applied(StoredObject object) {
            known.saw(object);
            return Outcome.applied(
                    layout.version(object.annotations()).orElse(new Version("none-" + mark)));
        }

        /**
         * After a lost reply the object changed: by this write, or by somebody else's. Of a guarded
         * deletion nothing tells, and only one of two may believe that it was theirs.
         */
        private Outcome<Version> resolved(Optional<StoredObject> now) {
            boolean mine =
                    value.isPresent()
                            ? now.filter(o -> layout.carries(o.annotations(), mark)).isPresent()
                            : guard instanceof Guard.Any && version(now).isEmpty();
            if (!mine) {
                throw new DcsException.OutcomeUnknown(
                        what + ": the reply was lost and the entry was changed since");
            }
            return now.map(this::applied)
                    .orElseGet(() -> Outcome.applied(new Version("none-" + mark)));
        }
    }
}
