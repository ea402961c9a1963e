package io.matriarch.conformance;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Outcome.Refusal;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Faults in taking, keeping and giving up the lease. */
enum LeaseFault implements Planted {
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

    ACQUIRE_BY_THE_HOLDER_IS_AN_ERROR(
            "L3",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
                            if (super.read(config.scope(), deadline)
                                    .leader()
                                    .equals(config.member())) {
                                throw new IllegalStateException("the lease is mine already");
                            }
                            return super.acquire(judged, deadline);
                        }
                    }),

    A_SUCCESSOR_OF_THE_SAME_NAME_IS_REFUSED(
            "L8",
            sound ->
                    new Wrapped(sound) {
                        private boolean acquired;

                        @Override
                        public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
                            Outcome<Lease> outcome = super.acquire(judged, deadline);
                            acquired |= outcome.isApplied();
                            return outcome;
                        }

                        @Override
                        public Outcome<Lease> renew(
                                Snapshot seen, LeaderUpdate update, Deadline deadline) {
                            return acquired || !seen.leader().equals(config.member())
                                    ? super.renew(seen, update, deadline)
                                    : Outcome.refused(Refusal.NOT_MINE, "of another session");
                        }
                    });

    private final Set<String> broken;
    private final Function<Wrapped.Sound, Dcs> fault;

    LeaseFault(String rule, Function<Wrapped.Sound, Dcs> fault) {
        this(Set.of(rule), fault);
    }

    LeaseFault(Set<String> rules, Function<Wrapped.Sound, Dcs> fault) {
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
