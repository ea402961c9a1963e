package io.matriarch.conformance;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Outcome.Refusal;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Faults that a plug-in could have, and the rules that each breaks. */
enum Planted {
    /** Counts the validity from too late. */
    VALID_FOR_TOO_LONG(
            "L2",
            sound ->
                    new Wrapped(sound) {
                        private Outcome<Lease> longer(Outcome<Lease> outcome) {
                            return outcome.applied()
                                    .map(
                                            lease ->
                                                    Outcome.applied(
                                                            new Lease(
                                                                    lease.member(),
                                                                    lease.epoch(),
                                                                    lease.validUntil() + extra(),
                                                                    lease.version())))
                                    .orElse(outcome);
                        }

                        private long extra() {
                            return traits().effectiveTtl().dividedBy(4).toNanos();
                        }

                        @Override
                        public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
                            return longer(super.acquire(judged, deadline));
                        }

                        @Override
                        public Outcome<Lease> renew(
                                Snapshot seen, LeaderUpdate update, Deadline deadline) {
                            return longer(super.renew(seen, update, deadline));
                        }
                    }),

    ACQUIRE_IGNORES_THE_HOLDER(
            "L1",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
                            removeLeader();
                            return super.acquire(judged, deadline);
                        }
                    }),

    RENEW_TAKES_THE_LEASE_FROM_ANOTHER(
            "L5",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Lease> renew(
                                Snapshot seen, LeaderUpdate update, Deadline deadline) {
                            Outcome<Lease> outcome = super.renew(seen, update, deadline);
                            if (outcome.isApplied()) {
                                return outcome;
                            }
                            removeLeader();
                            return super.renew(seen, LeaderUpdate.NONE, deadline);
                        }
                    }),

    /** Refuses where the holder could go on. */
    RENEW_GIVES_UP_AN_EXPIRED_LEASE(
            "L6",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Lease> renew(
                                Snapshot seen, LeaderUpdate update, Deadline deadline) {
                            return super.read(config.scope(), deadline).leader().isEmpty()
                                    ? Outcome.refused(Refusal.MISSING, "expired")
                                    : super.renew(seen, update, deadline);
                        }
                    }),

    A_FAILED_STATUS_SPOILS_THE_RENEWAL(
            "L7",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Lease> renew(
                                Snapshot seen, LeaderUpdate update, Deadline deadline) {
                            Outcome<Lease> outcome = super.renew(seen, update, deadline);
                            if (outcome.isApplied() && update.status().isPresent()) {
                                super.write(
                                        EntryKind.STATUS, update.status(), Guard.any(), deadline);
                            }
                            return outcome;
                        }
                    }),

    THE_EPOCH_IS_REUSED(
            "L9",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
                            Outcome<Lease> outcome = super.acquire(judged, deadline);
                            return outcome.applied()
                                    .map(
                                            lease ->
                                                    Outcome.applied(
                                                            new Lease(
                                                                    lease.member(),
                                                                    1,
                                                                    lease.validUntil(),
                                                                    lease.version())))
                                    .orElse(outcome);
                        }

                        @Override
                        public Outcome<Outcome.Done> release(
                                Lease lease, Optional<Value> lastStatus, Deadline deadline) {
                            // Finds the true epoch again, so that releasing still works.
                            return super.acquire(Snapshot.empty(0), deadline)
                                    .applied()
                                    .map(real -> super.release(real, lastStatus, deadline))
                                    .orElse(Outcome.refused(Refusal.NOT_MINE, "not mine"));
                        }
                    }),

    THE_STATUS_COMES_AFTER_THE_RELEASE(
            "L10",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Outcome.Done> release(
                                Lease lease, Optional<Value> lastStatus, Deadline deadline) {
                            Outcome<Outcome.Done> outcome =
                                    super.release(lease, Optional.empty(), deadline);
                            RealTime.pass(Duration.ofMillis(50));
                            if (outcome.isApplied() && lastStatus.isPresent()) {
                                super.write(EntryKind.STATUS, lastStatus, Guard.any(), deadline);
                            }
                            return outcome;
                        }
                    }),

    /** Breaks O5 by the same stroke: the repeated release after a lost reply. */
    RELEASE_REMOVES_ANOTHERS_RECORD(
            Set.of("L11", "O5"),
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Outcome.Done> release(
                                Lease lease, Optional<Value> lastStatus, Deadline deadline) {
                            Outcome<Outcome.Done> outcome =
                                    super.release(lease, lastStatus, deadline);
                            removeLeader();
                            return outcome;
                        }
                    }),

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

    AN_UNREACHABLE_STORE_REFUSES(
            "O2",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Lease> renew(
                                Snapshot seen, LeaderUpdate update, Deadline deadline) {
                            try {
                                return super.renew(seen, update, deadline);
                            } catch (DcsException.NotApplied e) {
                                return Outcome.refused(Refusal.NOT_MINE, e.getMessage());
                            }
                        }
                    }),

    A_LOST_REPLY_REPEATS_THE_WRITE(
            "O4",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Version> write(
                                EntryKind kind,
                                Optional<Value> value,
                                Guard guard,
                                Deadline deadline) {
                            try {
                                return super.write(kind, value, guard, deadline);
                            } catch (DcsException.OutcomeUnknown e) {
                                return super.write(kind, value, guard, deadline);
                            }
                        }
                    }),

    CALLS_END_TOO_LATE(
            "D1",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Outcome.Done> touch(
                                io.matriarch.spi.MemberEntry me, Deadline deadline) {
                            try {
                                return super.touch(me, deadline);
                            } catch (DcsException e) {
                                RealTime.passUntil(
                                        deadline.at() + Duration.ofMillis(300).toNanos());
                                throw e;
                            }
                        }
                    }),

    A_PASSED_DEADLINE_IS_NOT_LOOKED_AT(
            "D3",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Version> write(
                                EntryKind kind,
                                Optional<Value> value,
                                Guard guard,
                                Deadline deadline) {
                            Deadline later =
                                    Deadline.after(deadline.ticker(), Duration.ofSeconds(1));
                            return super.write(
                                    kind, value, guard, deadline.passed() ? later : deadline);
                        }
                    }),

    CLOSE_REMOVES_THE_LEADER_RECORD(
            "S5",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public void close() {
                            super.close();
                            removeLeader();
                        }
                    }),

    /** The watch stands only some time after a read. The listener is what is broken here. */
    A_CHANGE_SOON_AFTER_A_READ_IS_NOT_TOLD("N3", Wrapped::new);

    private final Set<String> broken;
    private final Function<Wrapped.Sound, Dcs> fault;

    Planted(String rule, Function<Wrapped.Sound, Dcs> fault) {
        this(Set.of(rule), fault);
    }

    Planted(Set<String> rules, Function<Wrapped.Sound, Dcs> fault) {
        this.broken = rules;
        this.fault = fault;
    }

    /** The ids of the rules that it breaks. */
    Set<String> broken() {
        return broken;
    }

    Dcs plant(Wrapped.Sound sound) {
        return fault.apply(sound);
    }
}
