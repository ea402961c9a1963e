package io.matriarch.conformance;

import static io.matriarch.conformance.history.HistoryCheck.CONSERVATIVE_EXPIRY;
import static io.matriarch.conformance.history.HistoryCheck.DEADLINES_KEPT;
import static io.matriarch.conformance.history.HistoryCheck.EPOCHS_RISE;
import static io.matriarch.conformance.history.HistoryCheck.HOLDER_RENEWS;
import static io.matriarch.conformance.history.HistoryCheck.KNOWN_ENDINGS;
import static io.matriarch.conformance.history.HistoryCheck.LINEARIZABLE;
import static io.matriarch.conformance.history.HistoryCheck.NO_ANSWER_FROM_NOWHERE;
import static io.matriarch.conformance.history.HistoryCheck.NO_LOST_WAKE_UP;
import static io.matriarch.conformance.history.HistoryCheck.NO_STALE_PROOF;
import static io.matriarch.conformance.history.HistoryCheck.ONE_HOLDER;
import static io.matriarch.conformance.history.HistoryCheck.READS_ADVANCE;
import static io.matriarch.conformance.history.HistoryCheck.RECOVERY;
import static io.matriarch.conformance.history.HistoryCheck.SUCCESSOR_RENEWS;

import io.matriarch.conformance.history.HistoryCheck;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsTraits;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Faults that show in histories only, or only under faults of the network. */
enum HistoryFault {
    NONE(Set.of(), Faulty::new),

    /** Counts the validity from too late. */
    VALID_FOR_TOO_LONG(
            Set.of(ONE_HOLDER, CONSERVATIVE_EXPIRY, HOLDER_RENEWS, SUCCESSOR_RENEWS),
            stage ->
                    new Faulty(stage) {
                        @Override
                        Outcome<Lease> proven(Outcome<Lease> outcome) {
                            return outcome.applied()
                                    .map(l -> valid(l, l.validUntil() + ttl() / 2))
                                    .orElse(outcome);
                        }
                    }),

    /** Grants the lease to another when most of its time is over. */
    EARLY_GRANT(
            Set.of(ONE_HOLDER, HOLDER_RENEWS, SUCCESSOR_RENEWS, CONSERVATIVE_EXPIRY),
            stage ->
                    new Faulty(stage) {
                        @Override
                        public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
                            Outcome<Lease> outcome = super.acquire(judged, deadline);
                            if (outcome.isApplied() || time.draw(4) > 0) {
                                return outcome;
                            }
                            sound.removeLeader();
                            return super.acquire(judged, deadline);
                        }
                    }),

    /** The record is gone before the holder's time is over. */
    EARLY_END(
            Set.of(CONSERVATIVE_EXPIRY),
            stage ->
                    new Faulty(stage) {
                        @Override
                        public Snapshot read(Scope scope, Deadline deadline) {
                            Snapshot seen = super.read(scope, deadline);
                            Map<EntryKind, Entry> kept = new HashMap<>(seen.entries());
                            if (time.draw(10) == 0) {
                                kept.remove(EntryKind.LEADER);
                            }
                            return new Snapshot(kept, seen.members(), seen.sentAt());
                        }
                    }),

    /** A deposed leader proves its leadership from memory. */
    PROOF_FROM_MEMORY(
            Set.of(
                    ONE_HOLDER,
                    NO_STALE_PROOF,
                    NO_ANSWER_FROM_NOWHERE,
                    CONSERVATIVE_EXPIRY,
                    HOLDER_RENEWS),
            stage ->
                    new Faulty(stage) {
                        private Optional<Lease> last = Optional.empty();

                        @Override
                        Outcome<Lease> proven(Outcome<Lease> outcome) {
                            last = outcome.applied().or(() -> last);
                            return outcome;
                        }

                        @Override
                        public Outcome<Lease> renew(
                                Snapshot seen, LeaderUpdate update, Deadline deadline) {
                            try {
                                return super.renew(seen, update, deadline);
                            } catch (DcsException e) {
                                return last.map(
                                                l ->
                                                        valid(
                                                                l,
                                                                sound.config().ticker().nanos()
                                                                        + ttl()))
                                        .orElseThrow(() -> e);
                            }
                        }
                    }),

    RENEW_OF_THE_HOLDER_IS_REFUSED(
            Set.of(HOLDER_RENEWS, SUCCESSOR_RENEWS),
            stage ->
                    new Faulty(stage) {
                        @Override
                        public Outcome<Lease> renew(
                                Snapshot seen, LeaderUpdate update, Deadline deadline) {
                            return time.draw(5) == 0
                                    ? readBefore(deadline, Outcome.refused(Refusal.NOT_MINE, "?"))
                                    : super.renew(seen, update, deadline);
                        }
                    }),

    A_SUCCESSOR_IS_REFUSED(
            Set.of(SUCCESSOR_RENEWS),
            stage ->
                    new Faulty(stage) {
                        private boolean proven;

                        @Override
                        Outcome<Lease> proven(Outcome<Lease> outcome) {
                            proven |= outcome.isApplied();
                            return outcome;
                        }

                        @Override
                        public Outcome<Lease> renew(
                                Snapshot seen, LeaderUpdate update, Deadline deadline) {
                            return proven
                                    ? super.renew(seen, update, deadline)
                                    : readBefore(deadline, Outcome.refused(Refusal.NOT_MINE, "?"));
                        }
                    }),

    THE_EPOCH_STANDS_STILL(
            Set.of(EPOCHS_RISE),
            stage ->
                    new Faulty(stage) {
                        @Override
                        Outcome<Lease> proven(Outcome<Lease> outcome) {
                            return outcome.applied()
                                    .map(
                                            l ->
                                                    Outcome.applied(
                                                            new Lease(
                                                                    l.member(),
                                                                    7,
                                                                    l.validUntil(),
                                                                    l.version())))
                                    .orElse(outcome);
                        }
                    }),

    /** A guard that is forgotten now and then: an update is lost. */
    LOST_UPDATE(
            Set.of(LINEARIZABLE),
            stage ->
                    new Faulty(stage) {
                        @Override
                        public Outcome<Version> write(
                                EntryKind kind,
                                Optional<Value> value,
                                Guard guard,
                                Deadline deadline) {
                            return super.write(
                                    kind, value, time.draw(3) == 0 ? Guard.any() : guard, deadline);
                        }
                    }),

    /** A snapshot from a server that lags behind what others have seen, and never goes back. */
    STALE_READ(
            Set.of(LINEARIZABLE, CONSERVATIVE_EXPIRY, NO_ANSWER_FROM_NOWHERE),
            stage ->
                    new Faulty(stage) {
                        private Optional<Snapshot> last = Optional.empty();

                        @Override
                        public Snapshot read(Scope scope, Deadline deadline) {
                            if (time.draw(3) > 0 || last.isEmpty()) {
                                last = Optional.of(super.read(scope, deadline));
                            }
                            return last.orElseThrow();
                        }

                        @Override
                        public Outcome<Version> write(
                                EntryKind kind,
                                Optional<Value> value,
                                Guard guard,
                                Deadline deadline) {
                            last = Optional.empty();
                            return super.write(kind, value, guard, deadline);
                        }
                    }),

    /** An instance that declares that its reads may lag is still not shown what it replaced. */
    GOING_BACK(
            Set.of(READS_ADVANCE),
            stage ->
                    new Faulty(stage) {
                        private Optional<Snapshot> older = Optional.empty();

                        @Override
                        public DcsTraits traits() {
                            DcsTraits t = super.traits();
                            return new DcsTraits(
                                    t.effectiveTtl(), t.smallestTtl(), false, false, "may lag");
                        }

                        @Override
                        public Snapshot read(Scope scope, Deadline deadline) {
                            Snapshot fresh = super.read(scope, deadline);
                            Snapshot shown = time.draw(4) == 0 ? older.orElse(fresh) : fresh;
                            older = Optional.of(fresh);
                            return shown;
                        }
                    }),

    /** The client library repeats a write whose reply was lost when it is connected again. */
    DOUBLE_APPLICATION(
            Set.of(LINEARIZABLE),
            stage ->
                    new Faulty(stage) {
                        private Runnable again = () -> {};

                        @Override
                        public Outcome<Version> write(
                                EntryKind kind,
                                Optional<Value> value,
                                Guard guard,
                                Deadline deadline) {
                            try {
                                return super.write(kind, value, guard, deadline);
                            } catch (DcsException.OutcomeUnknown e) {
                                value.ifPresent(
                                        v ->
                                                again =
                                                        () ->
                                                                sound.store()
                                                                        .put(
                                                                                sound.config()
                                                                                        .scope(),
                                                                                kind.key(),
                                                                                v.text()));
                                throw e;
                            }
                        }

                        @Override
                        public Snapshot read(Scope scope, Deadline deadline) {
                            again.run();
                            again = () -> {};
                            return super.read(scope, deadline);
                        }
                    }),

    A_LOST_REPLY_COUNTS_AS_NOT_APPLIED(
            Set.of(LINEARIZABLE),
            stage ->
                    new Faulty(stage) {
                        @Override
                        public Outcome<Version> write(
                                EntryKind kind,
                                Optional<Value> value,
                                Guard guard,
                                Deadline deadline) {
                            try {
                                return super.write(kind, value, guard, deadline);
                            } catch (DcsException.OutcomeUnknown e) {
                                throw new DcsException.NotApplied(e.getMessage(), e);
                            }
                        }
                    }),

    AN_UNREACHABLE_STORE_REFUSES(
            Set.of(NO_ANSWER_FROM_NOWHERE),
            stage ->
                    new Faulty(stage) {
                        @Override
                        public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
                            try {
                                return super.acquire(judged, deadline);
                            } catch (DcsException e) {
                                return Outcome.refused(Refusal.HELD_BY_OTHER, "unreachable");
                            }
                        }
                    }),

    HINTS_ARE_LOST(Set.of(NO_LOST_WAKE_UP), Faulty::new) {
        @Override
        DcsListener deafen(DcsListener listener, VirtualTime time) {
            return hint -> {
                if (time.nanos() / Duration.ofMillis(700).toNanos() % 2 == 0) {
                    listener.changed(hint);
                }
            };
        }
    },

    CALLS_END_TOO_LATE(
            Set.of(DEADLINES_KEPT),
            stage ->
                    new Faulty(stage) {
                        @Override
                        public Outcome<Lease> renew(
                                Snapshot seen, LeaderUpdate update, Deadline deadline) {
                            try {
                                return super.renew(seen, update, deadline);
                            } catch (DcsException e) {
                                time.passUntil(deadline.at() + Duration.ofMillis(300).toNanos());
                                throw e;
                            }
                        }
                    }),

    AN_EXCEPTION_OF_ITS_OWN(
            Set.of(KNOWN_ENDINGS),
            stage ->
                    new Faulty(stage) {
                        @Override
                        public Outcome<Lease> renew(
                                Snapshot seen, LeaderUpdate update, Deadline deadline) {
                            try {
                                return super.renew(seen, update, deadline);
                            } catch (DcsException.OutcomeUnknown e) {
                                throw new IllegalStateException("channel is shut down", e);
                            }
                        }
                    }),

    NO_RECOVERY(
            Set.of(RECOVERY),
            stage ->
                    new Faulty(stage) {
                        private boolean dead;

                        @Override
                        public Snapshot read(Scope scope, Deadline deadline) {
                            if (dead) {
                                throw new DcsException.NotApplied("not connected");
                            }
                            try {
                                return super.read(scope, deadline);
                            } catch (DcsException e) {
                                dead = true;
                                throw e;
                            }
                        }
                    });

    /** What a fault may lay hands on. */
    record Stage(Wrapped.Sound sound, VirtualTime time) {}

    /** A client whose proofs a fault may change. */
    static class Faulty extends Wrapped {
        final Sound sound;
        final VirtualTime time;

        Faulty(Stage stage) {
            super(stage.sound());
            this.sound = stage.sound();
            this.time = stage.time();
        }

        Outcome<Lease> proven(Outcome<Lease> outcome) {
            return outcome;
        }

        final long ttl() {
            return traits().effectiveTtl().toNanos();
        }

        static Outcome<Lease> valid(Lease lease, long until) {
            return Outcome.applied(
                    new Lease(lease.member(), lease.epoch(), until, lease.version()));
        }

        /** An answer that was wrong, and came from the store all the same. */
        final <T> T readBefore(Deadline deadline, T answer) {
            sound.leader(deadline);
            return answer;
        }

        @Override
        public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
            return proven(super.acquire(judged, deadline));
        }

        @Override
        public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
            return proven(super.renew(seen, update, deadline));
        }
    }

    private final Set<HistoryCheck> broken;
    private final Function<Stage, Dcs> fault;

    HistoryFault(Set<HistoryCheck> broken, Function<Stage, Dcs> fault) {
        this.broken = broken;
        this.fault = fault;
    }

    /** The checks that fail, and no others. */
    Set<HistoryCheck> broken() {
        return broken;
    }

    Dcs plant(Stage stage) {
        return fault.apply(stage);
    }

    DcsListener deafen(DcsListener listener, VirtualTime time) {
        return listener;
    }
}
