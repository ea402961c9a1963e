package io.matriarch.conformance;

import static io.matriarch.conformance.Fault.breaking;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Faults in reading and writing entries. */
enum EntryFault implements Planted {
    WRITE_IGNORES_THE_VERSION(
            breaking("W2")
                    .write(
                            (sound, kind, value, guard, deadline) -> {
                                boolean blind =
                                        guard instanceof Guard.Unchanged && value.isPresent();
                                return sound.dcs()
                                        .write(kind, value, blind ? Guard.any() : guard, deadline);
                            })),

    /** The client compares, and not the store. */
    THE_VERSION_IS_COMPARED_BEFORE_THE_WRITE(
            breaking("W1")
                    .write(
                            (sound, kind, value, guard, deadline) -> {
                                if (!(guard instanceof Guard.Unchanged wanted) || value.isEmpty()) {
                                    return sound.dcs().write(kind, value, guard, deadline);
                                }
                                Optional<Entry> there =
                                        sound.dcs()
                                                .read(sound.config().scope(), deadline)
                                                .entry(kind);
                                if (there.filter(e -> e.version().equals(wanted.version()))
                                        .isEmpty()) {
                                    return Outcome.refused(
                                            Outcome.Refusal.VERSION_CHANGED, kind.key());
                                }
                                RealTime.pass(Duration.ofMillis(20));
                                return sound.dcs().write(kind, value, Guard.any(), deadline);
                            })),

    /** Only of a write under a version. */
    A_WRITE_RETURNS_THE_VERSION_BEFORE(
            breaking("W4")
                    .write(
                            (sound, kind, value, guard, deadline) -> {
                                Outcome<Version> outcome =
                                        sound.dcs().write(kind, value, guard, deadline);
                                return outcome.isApplied()
                                                && value.isPresent()
                                                && guard instanceof Guard.Unchanged wanted
                                        ? Outcome.applied(wanted.version())
                                        : outcome;
                            })),

    AN_EMPTY_TEXT_COUNTS_AS_ABSENT(
            breaking("W3")
                    .write(
                            (sound, kind, value, guard, deadline) -> {
                                boolean blind =
                                        guard instanceof Guard.Absent
                                                && sound.dcs()
                                                        .read(sound.config().scope(), deadline)
                                                        .entry(kind)
                                                        .map(Entry::text)
                                                        .equals(Optional.of(""));
                                return sound.dcs()
                                        .write(kind, value, blind ? Guard.any() : guard, deadline);
                            })),

    DELETE_IGNORES_THE_VERSION(
            breaking("W5")
                    .write(
                            (sound, kind, value, guard, deadline) ->
                                    sound.dcs()
                                            .write(
                                                    kind,
                                                    value,
                                                    value.isEmpty() ? Guard.any() : guard,
                                                    deadline))),

    A_SCOPE_SEES_THOSE_IT_IS_A_PREFIX_OF(
            breaking("R4")
                    .read(
                            (sound, scope, deadline) -> {
                                Snapshot own = sound.dcs().read(scope, deadline);
                                Scope longer = new Scope(scope.namespace(), scope.name() + "2");
                                Snapshot other = sound.dcs().read(longer, deadline);
                                var members = new TreeMap<>(own.members());
                                members.putAll(other.members());
                                return new Snapshot(own.entries(), members, own.sentAt());
                            })),

    A_SNAPSHOT_IS_READ_IN_TWO_PARTS(
            breaking("R1")
                    .read(
                            (sound, scope, deadline) -> {
                                Snapshot first = sound.dcs().read(scope, deadline);
                                RealTime.pass(Duration.ofMillis(5));
                                var entries =
                                        new HashMap<>(sound.dcs().read(scope, deadline).entries());
                                first.entry(EntryKind.CONFIG)
                                        .ifPresent(config -> entries.put(EntryKind.CONFIG, config));
                                return new Snapshot(entries, first.members(), first.sentAt());
                            })),

    /** Only readers that read often meet it. */
    A_SNAPSHOT_COMES_FROM_A_SERVER_THAT_IS_BEHIND(
            breaking("R3")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        private Optional<Snapshot> old = Optional.empty();
                                        private int reads;

                                        @Override
                                        public Snapshot read(Scope scope, Deadline deadline) {
                                            Snapshot fresh = super.read(scope, deadline);
                                            reads++;
                                            if (sound.config().member().isPresent()
                                                    || reads % 8 != 0) {
                                                old = reads % 8 == 3 ? Optional.of(fresh) : old;
                                                return fresh;
                                            }
                                            return old.filter(EntryFault::isBehind).orElse(fresh);
                                        }
                                    })),

    A_VALUE_IS_PARSED_WHILE_READING(
            breaking("R5")
                    .read(
                            (sound, scope, deadline) -> {
                                Snapshot snapshot = sound.dcs().read(scope, deadline);
                                if (snapshot.members().values().stream()
                                        .anyMatch(entry -> entry.text().equals("{not json"))) {
                                    throw new DcsException.NotApplied("cannot parse");
                                }
                                return snapshot;
                            })),

    A_WRITE_OF_THE_SAME_TEXT_KEEPS_THE_VERSION(
            breaking("V1")
                    .write(
                            (sound, kind, value, guard, deadline) -> {
                                Optional<Entry> there =
                                        kind == EntryKind.SYNC
                                                        && guard == Guard.any()
                                                        && value.isPresent()
                                                ? sound.dcs()
                                                        .read(sound.config().scope(), deadline)
                                                        .entry(kind)
                                                : Optional.empty();
                                return there.filter(
                                                entry -> entry.text().equals(value.get().text()))
                                        .map(entry -> Outcome.applied(entry.version()))
                                        .orElseGet(
                                                () ->
                                                        sound.dcs()
                                                                .write(
                                                                        kind, value, guard,
                                                                        deadline));
                            })),

    A_TEXT_IS_TRIMMED(
            breaking("W6")
                    .write(
                            (sound, kind, value, guard, deadline) ->
                                    sound.dcs()
                                            .write(
                                                    kind,
                                                    value.map(EntryFault::trimmed),
                                                    guard,
                                                    deadline))),

    /** Only a member has the cache, for the next read. */
    A_CACHE_STILL_HOLDS_WHAT_THE_CLIENT_DELETED(
            breaking("R2")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        private Optional<Snapshot> last = Optional.empty();
                                        private boolean stale;

                                        @Override
                                        public Snapshot read(Scope scope, Deadline deadline) {
                                            if (!stale) {
                                                last = Optional.of(super.read(scope, deadline));
                                            }
                                            stale = false;
                                            return last.orElseThrow();
                                        }

                                        @Override
                                        public Outcome<Version> write(
                                                EntryKind kind,
                                                Optional<Value> value,
                                                Guard guard,
                                                Deadline deadline) {
                                            Outcome<Version> outcome =
                                                    super.write(kind, value, guard, deadline);
                                            stale =
                                                    value.isEmpty()
                                                            && last.isPresent()
                                                            && sound.config().member().isPresent();
                                            return outcome;
                                        }
                                    }));

    private final Fault fault;

    EntryFault(Fault fault) {
        this.fault = fault;
    }

    @Override
    public Fault fault() {
        return fault;
    }

    private static boolean isBehind(Snapshot snapshot) {
        return snapshot.entries().keySet().equals(Set.of(EntryKind.CONFIG));
    }

    private static Value trimmed(Value value) {
        return Value.of(value.text().equals(" ") ? "" : value.text());
    }
}
