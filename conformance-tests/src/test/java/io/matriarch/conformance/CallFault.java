package io.matriarch.conformance;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Outcome.Refusal;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Faults in how calls, sessions and watches end. */
enum CallFault implements Planted {
    /** Breaks O2 by the same stroke: that is not "no answer" either. */
    EXCEPTIONS_OF_THE_CLIENT_LIBRARY_PASS_THROUGH(
            Set.of("O1", "O2"),
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Outcome.Done> purge(Deadline deadline) {
                            try {
                                return super.purge(deadline);
                            } catch (DcsException.NotApplied e) {
                                throw new IllegalStateException("channel is shut down", e);
                            }
                        }
                    }),

    A_NEW_TTL_LOSES_THE_LEASE(
            "S3",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public void reconfigure(io.matriarch.spi.DcsSettings settings) {
                            super.reconfigure(settings);
                            removeLeader();
                            RealTime.pass(Duration.ofMillis(50));
                        }
                    }),

    A_READ_ONLY_CLIENT_MAY_TOUCH(
            "S4",
            sound ->
                    new Wrapped(sound) {
                        @Override
                        public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
                            return config.member().isPresent()
                                    ? super.touch(me, deadline)
                                    : Outcome.done();
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

    CallFault(String rule, Function<Wrapped.Sound, Dcs> fault) {
        this(Set.of(rule), fault);
    }

    CallFault(Set<String> rules, Function<Wrapped.Sound, Dcs> fault) {
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
