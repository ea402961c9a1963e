package io.matriarch.conformance;

import static io.matriarch.conformance.Fault.breaking;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Outcome.Refusal;
import io.matriarch.spi.Snapshot;

/** Faults in how a call ends that got no answer. */
enum OutcomeFault implements Planted {
    EXCEPTIONS_OF_THE_CLIENT_LIBRARY_PASS_THROUGH(
            breaking("O1")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        @Override
                                        public Outcome<Outcome.Done> purge(Deadline deadline) {
                                            try {
                                                return super.purge(deadline);
                                            } catch (DcsException.NotApplied e) {
                                                throw isUnreachable(e)
                                                        ? new IllegalStateException("shut down", e)
                                                        : e;
                                            }
                                        }
                                    })),

    AN_UNREACHABLE_STORE_REFUSES(
            breaking("O2")
                    .renew(
                            (sound, seen, update, deadline) -> {
                                try {
                                    return sound.dcs().renew(seen, update, deadline);
                                } catch (DcsException.NotApplied e) {
                                    if (isUnreachable(e)) {
                                        return Outcome.refused(Refusal.NOT_MINE, e.getMessage());
                                    }
                                    throw e;
                                }
                            })),

    /** A server that lost the others takes what it knows for the truth. */
    A_MINORITY_PROVES_THE_LEASE(
            breaking("O3")
                    .client(
                            sound ->
                                    new Remembering(sound) {
                                        @Override
                                        public Outcome<Lease> renew(
                                                Snapshot seen,
                                                LeaderUpdate update,
                                                Deadline deadline) {
                                            try {
                                                return super.renew(seen, update, deadline);
                                            } catch (DcsException.NotApplied e) {
                                                if (known.isPresent() && isOfAMinority(e)) {
                                                    return Outcome.applied(known.get());
                                                }
                                                throw e;
                                            }
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

    /** The record is created once, and found to exist when that is repeated. */
    A_TOUCH_AFTER_A_LOST_REPLY_IS_REFUSED(
            breaking("O5")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        private boolean lost;

                                        @Override
                                        public Outcome<Outcome.Done> touch(
                                                MemberEntry me, Deadline deadline) {
                                            if (lost) {
                                                return Outcome.refused(Refusal.EXISTS, me.name());
                                            }
                                            try {
                                                return super.touch(me, deadline);
                                            } catch (DcsException.OutcomeUnknown e) {
                                                lost = true;
                                                throw e;
                                            }
                                        }
                                    })),

    WRONG_CREDENTIALS_ARE_TRIED_FOR_EVER(
            breaking("O6")
                    .read(
                            (sound, scope, deadline) -> {
                                try {
                                    return sound.dcs().read(scope, deadline);
                                } catch (DcsException.Misconfigured e) {
                                    throw new DcsException.NotApplied("not connected", e);
                                }
                            }));

    private final Fault fault;

    OutcomeFault(Fault fault) {
        this.fault = fault;
    }

    @Override
    public Fault fault() {
        return fault;
    }

    private static boolean isUnreachable(DcsException e) {
        return e.getMessage().contains("refuses connections");
    }

    private static boolean isOfAMinority(DcsException e) {
        return e.getMessage().contains("majority");
    }
}
