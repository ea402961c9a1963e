package io.matriarch.engine.decide;

import io.matriarch.engine.model.Lsn;
import io.matriarch.spi.Version;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a member remembers from one decision to the next. Small on purpose: everything that can be
 * seen again is looked at again.
 *
 * @param initializing how far an own bootstrap has come
 * @param claim the version of the initialize key that this process wrote to bootstrap the cluster
 * @param standingClaim an initialize key that says that somebody bootstraps, while no member is
 *     seen to do so
 * @param divergence what is known about the local WAL against the leader's timeline
 * @param divergenceFrom the leader and timeline that {@code divergence} was found against
 * @param divergenceAt when it was found, monotonic nanoseconds
 * @param crashRecoveryTried single-user recovery ran since the last good start
 * @param startFailed the last start of PostgreSQL failed
 * @param handover a demotion that an operator asked for, in progress or just done
 * @param failedPromotion the last promotion that came to nothing
 * @param ledOrFollowed this process has seen PostgreSQL run under it
 * @param notBefore a check or a rewind that could not be done yet is tried again after this
 * @param streamAwaitedSince since when a switchover waits for a candidate to stream
 * @param unprovenSince when PostgreSQL was first seen as primary without any lease
 */
public record Memory(
        Initializing initializing,
        Optional<Version> claim,
        Optional<StandingClaim> standingClaim,
        Divergence divergence,
        String divergenceFrom,
        long divergenceAt,
        boolean crashRecoveryTried,
        boolean startFailed,
        Optional<Handover> handover,
        Optional<FailedPromotion> failedPromotion,
        boolean ledOrFollowed,
        OptionalLong notBefore,
        OptionalLong streamAwaitedSince,
        OptionalLong unprovenSince) {
    /** An own bootstrap. */
    public enum Initializing {
        NO,
        /** The initialize key is ours; initdb has not ended. */
        CLAIMED,
        /** PostgreSQL is up; the keys are not written yet. */
        READY,
        FAILED
    }

    /** Whether the local WAL left the leader's timeline. */
    public enum Divergence {
        UNKNOWN,
        NO,
        YES,
        /** A rewind was tried and failed for good. */
        REWIND_FAILED
    }

    /**
     * The lease is given away early: after a stop that was asked for, or after a crash.
     *
     * @param startedAt monotonic nanoseconds
     * @param crashed the server ended by itself
     * @param position the clean shutdown's position, once known
     * @param released the lease was given up
     */
    public record Handover(
            long startedAt, boolean crashed, Optional<Lsn> position, boolean released) {
        static Handover begun(long now) {
            return new Handover(now, false, Optional.empty(), false);
        }

        static Handover afterCrash(long now) {
            return new Handover(now, true, Optional.empty(), true);
        }

        Handover at(Lsn lsn) {
            return new Handover(startedAt, crashed, Optional.of(lsn), released);
        }

        Handover done() {
            return new Handover(startedAt, crashed, position, true);
        }
    }

    /**
     * The empty initialize key of somebody who is not seen.
     *
     * @param version which one
     * @param since monotonic nanoseconds of the first sight
     */
    public record StandingClaim(Version version, long since) {}

    /**
     * A promotion that came to nothing.
     *
     * @param at monotonic nanoseconds
     * @param refusedByScript pre_promote said no; else the promotion itself failed
     */
    public record FailedPromotion(long at, boolean refusedByScript) {}

    public static final Memory START = new Draft().done();

    public Memory {
        Objects.requireNonNull(initializing, "initializing");
        Objects.requireNonNull(divergence, "divergence");
    }

    public Memory withInitializing(Initializing value) {
        Draft draft = new Draft(this);
        draft.initializing = value;
        return draft.done();
    }

    public Memory withClaim(Version value) {
        Draft draft = new Draft(this);
        draft.initializing = Initializing.CLAIMED;
        draft.claim = Optional.of(value);
        return draft.done();
    }

    public Memory withStandingClaim(Optional<StandingClaim> value) {
        Draft draft = new Draft(this);
        draft.standingClaim = value;
        return draft.done();
    }

    /** A verdict on the local WAL against that leader and timeline. */
    public Memory withDivergence(Divergence value, String from, long at) {
        Draft draft = new Draft(this);
        draft.divergence = value;
        draft.divergenceFrom = from;
        draft.divergenceAt = at;
        return draft.done();
    }

    /** Whatever was known of other members' timelines is void. */
    Memory withoutDivergence() {
        return withDivergence(Divergence.UNKNOWN, "", 0);
    }

    public Memory withCrashRecoveryTried(boolean value) {
        Draft draft = new Draft(this);
        draft.crashRecoveryTried = value;
        return draft.done();
    }

    public Memory withStartFailed(boolean value) {
        Draft draft = new Draft(this);
        draft.startFailed = value;
        return draft.done();
    }

    public Memory withHandover(Optional<Handover> value) {
        Draft draft = new Draft(this);
        draft.handover = value;
        return draft.done();
    }

    public Memory withFailedPromotion(FailedPromotion value) {
        Draft draft = new Draft(this);
        draft.failedPromotion = Optional.of(value);
        return draft.done();
    }

    public Memory withLedOrFollowed(boolean value) {
        Draft draft = new Draft(this);
        draft.ledOrFollowed = value;
        return draft.done();
    }

    public Memory withNotBefore(OptionalLong value) {
        Draft draft = new Draft(this);
        draft.notBefore = value;
        return draft.done();
    }

    public Memory withStreamAwaitedSince(OptionalLong value) {
        Draft draft = new Draft(this);
        draft.streamAwaitedSince = value;
        return draft.done();
    }

    public Memory withUnprovenSince(OptionalLong value) {
        Draft draft = new Draft(this);
        draft.unprovenSince = value;
        return draft.done();
    }

    /** A memory in the making: what is not set stays as it was. */
    private static final class Draft {
        private Initializing initializing = Initializing.NO;
        private Optional<Version> claim = Optional.empty();
        private Optional<StandingClaim> standingClaim = Optional.empty();
        private Divergence divergence = Divergence.UNKNOWN;
        private String divergenceFrom = "";
        private long divergenceAt;
        private boolean crashRecoveryTried;
        private boolean startFailed;
        private Optional<Handover> handover = Optional.empty();
        private Optional<FailedPromotion> failedPromotion = Optional.empty();
        private boolean ledOrFollowed;
        private OptionalLong notBefore = OptionalLong.empty();
        private OptionalLong streamAwaitedSince = OptionalLong.empty();
        private OptionalLong unprovenSince = OptionalLong.empty();

        private Draft() {}

        private Draft(Memory from) {
            initializing = from.initializing;
            claim = from.claim;
            standingClaim = from.standingClaim;
            divergence = from.divergence;
            divergenceFrom = from.divergenceFrom;
            divergenceAt = from.divergenceAt;
            crashRecoveryTried = from.crashRecoveryTried;
            startFailed = from.startFailed;
            handover = from.handover;
            failedPromotion = from.failedPromotion;
            ledOrFollowed = from.ledOrFollowed;
            notBefore = from.notBefore;
            streamAwaitedSince = from.streamAwaitedSince;
            unprovenSince = from.unprovenSince;
        }

        private Memory done() {
            return new Memory(
                    initializing,
                    claim,
                    standingClaim,
                    divergence,
                    divergenceFrom,
                    divergenceAt,
                    crashRecoveryTried,
                    startFailed,
                    handover,
                    failedPromotion,
                    ledOrFollowed,
                    notBefore,
                    streamAwaitedSince,
                    unprovenSince);
        }
    }
}
