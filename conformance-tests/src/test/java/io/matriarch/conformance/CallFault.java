package io.matriarch.conformance;

import static io.matriarch.conformance.Fault.breaking;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Optional;

/** Faults in when calls end, and in what they do afterwards. */
enum CallFault implements Planted {
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

    /** Without its guard, when the caller has long gone on. */
    A_WRITE_THAT_WAS_GIVEN_UP_IS_TRIED_ON(
            breaking("D2")
                    .write(
                            (sound, kind, value, guard, deadline) -> {
                                boolean pending = !deadline.passed();
                                try {
                                    return sound.dcs().write(kind, value, guard, deadline);
                                } catch (DcsException.NotApplied e) {
                                    if (pending && guard instanceof Guard.Unchanged) {
                                        tryOn(sound, kind, value);
                                    }
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
                                    }));

    private final Fault fault;

    CallFault(Fault fault) {
        this.fault = fault;
    }

    @Override
    public Fault fault() {
        return fault;
    }

    private static void tryOn(Wrapped.Sound sound, EntryKind kind, Optional<Value> value) {
        Deadline later = Deadline.after(sound.config().ticker(), Duration.ofSeconds(2));
        Thread thread =
                new Thread(() -> giveUpAgain(sound, kind, value, later), "conformance-late-write");
        thread.setDaemon(true);
        thread.start();
    }

    private static Optional<Outcome<Version>> giveUpAgain(
            Wrapped.Sound sound, EntryKind kind, Optional<Value> value, Deadline later) {
        try {
            return Optional.of(sound.dcs().write(kind, value, Guard.any(), later));
        } catch (DcsException | IllegalStateException e) {
            // The link never came back, or the client was closed.
            return Optional.empty();
        }
    }
}
