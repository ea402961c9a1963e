package io.matriarch.conformance;

import static io.matriarch.conformance.Fault.breaking;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Lease;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Outcome;
import java.time.Duration;
import java.util.Optional;

/** Faults in sessions, in what is bound to them, and in what is said of them. */
enum SessionFault implements Planted {
    A_MEMBER_RECORD_IS_WRITTEN_ONCE_ONLY(
            breaking("M1")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        private Optional<MemberEntry> first = Optional.empty();

                                        @Override
                                        public Outcome<Outcome.Done> touch(
                                                MemberEntry me, Deadline deadline) {
                                            first = first.or(() -> Optional.of(me));
                                            return super.touch(first.get(), deadline);
                                        }
                                    })),

    /** A last word, which no session ends. */
    CLOSE_WRITES_A_MEMBER_RECORD_THAT_STAYS(
            breaking("M2")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        private boolean touched;

                                        @Override
                                        public Outcome<Outcome.Done> touch(
                                                MemberEntry me, Deadline deadline) {
                                            Outcome<Outcome.Done> outcome =
                                                    super.touch(me, deadline);
                                            touched = true;
                                            return outcome;
                                        }

                                        @Override
                                        public void close() {
                                            super.close();
                                            if (touched) {
                                                String name = sound.config().member().orElseThrow();
                                                sound.put(EntryKind.MEMBER.key() + name, "stopped");
                                            }
                                        }
                                    })),

    AN_UNCHANGED_RECORD_IS_WRITTEN_AGAIN(
            breaking("M3")
                    .touch(
                            (sound, me, deadline) -> {
                                sound.dcs().touch(other(me), deadline);
                                return sound.dcs().touch(me, deadline);
                            })),

    /** What was written once is taken to be there. */
    A_RECORD_THAT_WENT_WITH_ITS_SESSION_IS_NOT_WRITTEN_AGAIN(
            breaking("S1")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        private boolean written;

                                        @Override
                                        public Outcome<Outcome.Done> touch(
                                                MemberEntry me, Deadline deadline) {
                                            if (written && sound.record(deadline).isEmpty()) {
                                                return Outcome.done();
                                            }
                                            Outcome<Outcome.Done> outcome =
                                                    super.touch(me, deadline);
                                            written = outcome.isApplied();
                                            return outcome;
                                        }
                                    })),

    A_SHORTER_TTL_IS_REPORTED(
            breaking("S2")
                    .traits(
                            (sound, told) ->
                                    told.effectiveTtl().equals(sound.config().settings().ttl())
                                            ? new DcsTraits(
                                                    told.effectiveTtl().minusNanos(1),
                                                    told.smallestTtl(),
                                                    false,
                                                    true,
                                                    "")
                                            : told)),

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

    CLOSE_RELEASES_THE_LEASE(
            breaking("S5")
                    .client(
                            sound ->
                                    new Remembering(sound) {
                                        @Override
                                        public void close() {
                                            known.ifPresent(this::giveUp);
                                            known = Optional.empty();
                                            super.close();
                                        }

                                        private void giveUp(Lease lease) {
                                            Deadline soon =
                                                    Deadline.after(
                                                            sound.config().ticker(),
                                                            Duration.ofMillis(100));
                                            try {
                                                super.release(lease, Optional.empty(), soon);
                                            } catch (DcsException e) {
                                                // A store that does not answer keeps it.
                                            }
                                        }
                                    })),

    A_WEAKNESS_IS_NOT_TOLD(
            breaking("S6")
                    .traits(
                            (sound, told) ->
                                    new DcsTraits(
                                            told.effectiveTtl(),
                                            told.smallestTtl(),
                                            true,
                                            true,
                                            "")));

    private final Fault fault;

    SessionFault(Fault fault) {
        this.fault = fault;
    }

    @Override
    public Fault fault() {
        return fault;
    }

    private static MemberEntry other(MemberEntry me) {
        return new MemberEntry(
                me.name(),
                io.matriarch.spi.Value.of(me.value().text() + " "),
                me.role(),
                me.state());
    }
}
