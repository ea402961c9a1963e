package io.matriarch.conformance;

import static io.matriarch.conformance.Fault.breaking;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Outcome.Refusal;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import java.time.Duration;

/** Faults in how calls, sessions and watches end. */
enum CallFault implements Planted {
    /** Breaks O2 by the same stroke: that is not "no answer" either. */
    EXCEPTIONS_OF_THE_CLIENT_LIBRARY_PASS_THROUGH(
            breaking("O1", "O2")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        @Override
                                        public Outcome<Outcome.Done> purge(Deadline deadline) {
                                            try {
                                                return super.purge(deadline);
                                            } catch (DcsException.NotApplied e) {
                                                throw new IllegalStateException(
                                                        "channel is shut down", e);
                                            }
                                        }
                                    })),

    A_NEW_TTL_LOSES_THE_LEASE(
            breaking("S3")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        @Override
                                        public void reconfigure(DcsSettings settings) {
                                            super.reconfigure(settings);
                                            sound.removeLeader();
                                            RealTime.pass(Duration.ofMillis(50));
                                        }
                                    })),

    A_READ_ONLY_CLIENT_MAY_TOUCH(
            breaking("S4")
                    .touch(
                            (sound, me, deadline) ->
                                    sound.config().member().isPresent()
                                            ? sound.dcs().touch(me, deadline)
                                            : Outcome.done())),

    A_CONNECTION_THAT_FAILED_STAYS_BROKEN(
            breaking("D4")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        private boolean broken;

                                        @Override
                                        public Snapshot read(Scope scope, Deadline deadline) {
                                            if (broken) {
                                                throw new DcsException.NotApplied("disconnected");
                                            }
                                            try {
                                                return super.read(scope, deadline);
                                            } catch (DcsException e) {
                                                broken = true;
                                                throw e;
                                            }
                                        }
                                    })),

    A_WEAKNESS_IS_NOT_TOLD(
            breaking("S6")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        @Override
                                        public DcsTraits traits() {
                                            DcsTraits sound = super.traits();
                                            return new DcsTraits(
                                                    sound.effectiveTtl(),
                                                    sound.smallestTtl(),
                                                    true,
                                                    true,
                                                    "");
                                        }
                                    })),

    AN_UNREACHABLE_STORE_REFUSES(
            breaking("O2")
                    .renew(
                            (sound, seen, update, deadline) -> {
                                try {
                                    return sound.dcs().renew(seen, update, deadline);
                                } catch (DcsException.NotApplied e) {
                                    return Outcome.refused(Refusal.NOT_MINE, e.getMessage());
                                }
                            })),

    A_LOST_REPLY_REPEATS_THE_WRITE(
            breaking("O4")
                    .write(
                            (sound, kind, value, guard, deadline) -> {
                                try {
                                    return sound.dcs().write(kind, value, guard, deadline);
                                } catch (DcsException.OutcomeUnknown e) {
                                    return sound.dcs().write(kind, value, guard, deadline);
                                }
                            })),

    CALLS_END_TOO_LATE(
            breaking("D1")
                    .touch(
                            (sound, me, deadline) -> {
                                try {
                                    return sound.dcs().touch(me, deadline);
                                } catch (DcsException e) {
                                    RealTime.passUntil(
                                            deadline.at() + Duration.ofMillis(300).toNanos());
                                    throw e;
                                }
                            })),

    A_PASSED_DEADLINE_IS_NOT_LOOKED_AT(
            breaking("D3")
                    .write(
                            (sound, kind, value, guard, deadline) -> {
                                Deadline later =
                                        Deadline.after(deadline.ticker(), Duration.ofSeconds(1));
                                return sound.dcs()
                                        .write(
                                                kind,
                                                value,
                                                guard,
                                                deadline.passed() ? later : deadline);
                            })),

    CLOSE_REMOVES_THE_LEADER_RECORD(
            breaking("S5")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        @Override
                                        public void close() {
                                            super.close();
                                            sound.removeLeader();
                                        }
                                    })),

    /** The watch stands only some time after a read. The listener is what is broken here. */
    A_CHANGE_SOON_AFTER_A_READ_IS_NOT_TOLD(breaking("N3").client(Wrapped::new)),

    /** Here too. */
    A_WATCH_THAT_BROKE_STAYS_BROKEN(breaking("N4", "N6").client(Wrapped::new));

    private final Fault fault;

    CallFault(Fault fault) {
        this.fault = fault;
    }

    @Override
    public Fault fault() {
        return fault;
    }
}
