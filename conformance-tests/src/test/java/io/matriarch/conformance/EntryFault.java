package io.matriarch.conformance;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Faults in reading and writing entries. */
enum EntryFault implements Planted {
    /** Breaks W1 by the same stroke: that is a race of outdated writes. */
    WRITE_IGNORES_THE_VERSION(
            Set.of("W1", "W2"),
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Version> write(
                                EntryKind kind,
                                Optional<Value> value,
                                Guard guard,
                                Deadline deadline) {
                            boolean blind = guard instanceof Guard.Unchanged && value.isPresent();
                            return super.write(kind, value, blind ? Guard.any() : guard, deadline);
                        }
                    }),

    AN_EMPTY_TEXT_COUNTS_AS_ABSENT(
            "W3",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Version> write(
                                EntryKind kind,
                                Optional<Value> value,
                                Guard guard,
                                Deadline deadline) {
                            boolean blind =
                                    guard instanceof Guard.Absent
                                            && super.read(config.scope(), deadline)
                                                    .entry(kind)
                                                    .map(Entry::text)
                                                    .equals(Optional.of(""));
                            return super.write(kind, value, blind ? Guard.any() : guard, deadline);
                        }
                    }),

    DELETE_IGNORES_THE_VERSION(
            "W5",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Version> write(
                                EntryKind kind,
                                Optional<Value> value,
                                Guard guard,
                                Deadline deadline) {
                            return super.write(
                                    kind, value, value.isEmpty() ? Guard.any() : guard, deadline);
                        }
                    }),

    A_SCOPE_SEES_THOSE_IT_IS_A_PREFIX_OF(
            "R4",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Snapshot read(Scope scope, Deadline deadline) {
                            Snapshot own = super.read(scope, deadline);
                            Scope longer = new Scope(scope.namespace(), scope.name() + "2");
                            Snapshot other = super.read(longer, deadline);
                            var members = new java.util.TreeMap<>(own.members());
                            members.putAll(other.members());
                            return new Snapshot(own.entries(), members, own.sentAt());
                        }
                    }),

    A_SNAPSHOT_IS_READ_IN_TWO_PARTS(
            "R1",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Snapshot read(Scope scope, Deadline deadline) {
                            Snapshot first = super.read(scope, deadline);
                            RealTime.pass(Duration.ofMillis(5));
                            var entries =
                                    new java.util.HashMap<>(super.read(scope, deadline).entries());
                            first.entry(EntryKind.CONFIG)
                                    .ifPresent(config -> entries.put(EntryKind.CONFIG, config));
                            return new Snapshot(entries, first.members(), first.sentAt());
                        }
                    }),

    /** Only readers that read often meet it. */
    A_SNAPSHOT_COMES_FROM_A_SERVER_THAT_IS_BEHIND(
            "R3",
            sound ->
                    new Wrapped(sound) {
                        private Optional<Snapshot> old = Optional.empty();
                        private int reads;

                        @Override
                        public Snapshot read(Scope scope, Deadline deadline) {
                            Snapshot fresh = super.read(scope, deadline);
                            reads++;
                            if (config.member().isPresent() || reads % 8 != 0) {
                                old = reads % 8 == 3 ? Optional.of(fresh) : old;
                                return fresh;
                            }
                            return old.filter(
                                            was ->
                                                    was.entries()
                                                            .keySet()
                                                            .equals(Set.of(EntryKind.CONFIG)))
                                    .orElse(fresh);
                        }
                    }),

    A_VALUE_IS_PARSED_WHILE_READING(
            "R5",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Snapshot read(Scope scope, Deadline deadline) {
                            Snapshot snapshot = super.read(scope, deadline);
                            if (snapshot.members().values().stream()
                                    .anyMatch(entry -> entry.text().equals("{not json"))) {
                                throw new DcsException.NotApplied("cannot parse");
                            }
                            return snapshot;
                        }
                    }),

    A_WRITE_OF_THE_SAME_TEXT_KEEPS_THE_VERSION(
            "V1",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Version> write(
                                EntryKind kind,
                                Optional<Value> value,
                                Guard guard,
                                Deadline deadline) {
                            Optional<Entry> there =
                                    kind == EntryKind.SYNC
                                                    && guard == Guard.any()
                                                    && value.isPresent()
                                            ? super.read(config.scope(), deadline).entry(kind)
                                            : Optional.empty();
                            return there.filter(entry -> entry.text().equals(value.get().text()))
                                    .map(entry -> Outcome.applied(entry.version()))
                                    .orElseGet(() -> super.write(kind, value, guard, deadline));
                        }
                    }),

    A_TEXT_IS_TRIMMED(
            "W6",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Version> write(
                                EntryKind kind,
                                Optional<Value> value,
                                Guard guard,
                                Deadline deadline) {
                            return super.write(
                                    kind,
                                    value.map(
                                            text ->
                                                    Value.of(
                                                            text.text().equals(" ")
                                                                    ? ""
                                                                    : text.text())),
                                    guard,
                                    deadline);
                        }
                    }),

    A_MEMBER_RECORD_IS_WRITTEN_ONCE_ONLY(
            "M1",
            sound ->
                    new Wrapped(sound) {
                        private Optional<MemberEntry> first = Optional.empty();

                        @Override
                        public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
                            first = first.or(() -> Optional.of(me));
                            return super.touch(first.get(), deadline);
                        }
                    });

    private final Set<String> broken;
    private final Function<Wrapped.Sound, Dcs> fault;

    EntryFault(String rule, Function<Wrapped.Sound, Dcs> fault) {
        this(Set.of(rule), fault);
    }

    EntryFault(Set<String> rules, Function<Wrapped.Sound, Dcs> fault) {
        this.broken = rules;
        this.fault = fault;
    }

    @Override
    public Set<String> broken() {
        return broken;
    }

    @Override
    public Dcs plant(Wrapped.Sound sound) {
        return fault.apply(sound);
    }
}
