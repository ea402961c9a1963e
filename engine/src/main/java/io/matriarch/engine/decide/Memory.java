package io.matriarch.engine.decide;

import io.matriarch.engine.model.Lsn;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a member remembers from one decision to the next. Small on purpose: everything that can be
 * seen again is looked at again.
 *
 * @param initializing how far an own bootstrap has come
 * @param divergence what is known about the local WAL against the leader's timeline
 * @param divergenceFrom the leader and timeline that {@code divergence} was found against
 * @param crashRecoveryTried single-user recovery ran since the last good start
 * @param startFailed the last start of PostgreSQL failed
 * @param handover a demotion that an operator asked for, in progress or just done
 * @param prePromoteFailedAt when pre_promote last said no
 * @param ledOrFollowed this process has seen PostgreSQL run under it
 * @param notBefore a check or a rewind that could not be done yet is tried again after this
 * @param streamAwaitedSince since when a switchover waits for a candidate to stream
 * @param unprovenSince when PostgreSQL was first seen as primary without any lease
 */
public record Memory(
        Initializing initializing,
        Divergence divergence,
        String divergenceFrom,
        boolean crashRecoveryTried,
        boolean startFailed,
        Optional<Handover> handover,
        OptionalLong prePromoteFailedAt,
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
     * A demotion on request.
     *
     * @param startedAt monotonic nanoseconds
     * @param candidate who should take over, if named
     * @param shutdown part of a shutdown of the daemon
     * @param position the clean shutdown's position, once known
     * @param released the lease was given up
     */
    public record Handover(
            long startedAt,
            Optional<String> candidate,
            boolean shutdown,
            Optional<Lsn> position,
            boolean released) {
        Handover at(Lsn lsn) {
            return new Handover(startedAt, candidate, shutdown, Optional.of(lsn), released);
        }

        Handover done() {
            return new Handover(startedAt, candidate, shutdown, position, true);
        }
    }

    public static final Memory START =
            new Memory(
                    Initializing.NO,
                    Divergence.UNKNOWN,
                    "",
                    false,
                    false,
                    Optional.empty(),
                    OptionalLong.empty(),
                    false,
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty());

    public Memory {
        Objects.requireNonNull(initializing, "initializing");
        Objects.requireNonNull(divergence, "divergence");
    }

    public Memory withInitializing(Initializing value) {
        return new Memory(
                value,
                divergence,
                divergenceFrom,
                crashRecoveryTried,
                startFailed,
                handover,
                prePromoteFailedAt,
                ledOrFollowed,
                notBefore,
                streamAwaitedSince,
                unprovenSince);
    }

    public Memory withDivergence(Divergence value, String from) {
        return new Memory(
                initializing,
                value,
                from,
                crashRecoveryTried,
                startFailed,
                handover,
                prePromoteFailedAt,
                ledOrFollowed,
                notBefore,
                streamAwaitedSince,
                unprovenSince);
    }

    public Memory withCrashRecoveryTried(boolean value) {
        return new Memory(
                initializing,
                divergence,
                divergenceFrom,
                value,
                startFailed,
                handover,
                prePromoteFailedAt,
                ledOrFollowed,
                notBefore,
                streamAwaitedSince,
                unprovenSince);
    }

    public Memory withStartFailed(boolean value) {
        return new Memory(
                initializing,
                divergence,
                divergenceFrom,
                crashRecoveryTried,
                value,
                handover,
                prePromoteFailedAt,
                ledOrFollowed,
                notBefore,
                streamAwaitedSince,
                unprovenSince);
    }

    public Memory withHandover(Optional<Handover> value) {
        return new Memory(
                initializing,
                divergence,
                divergenceFrom,
                crashRecoveryTried,
                startFailed,
                value,
                prePromoteFailedAt,
                ledOrFollowed,
                notBefore,
                streamAwaitedSince,
                unprovenSince);
    }

    public Memory withPrePromoteFailedAt(OptionalLong value) {
        return new Memory(
                initializing,
                divergence,
                divergenceFrom,
                crashRecoveryTried,
                startFailed,
                handover,
                value,
                ledOrFollowed,
                notBefore,
                streamAwaitedSince,
                unprovenSince);
    }

    public Memory withLedOrFollowed(boolean value) {
        return new Memory(
                initializing,
                divergence,
                divergenceFrom,
                crashRecoveryTried,
                startFailed,
                handover,
                prePromoteFailedAt,
                value,
                notBefore,
                streamAwaitedSince,
                unprovenSince);
    }

    public Memory withNotBefore(OptionalLong value) {
        return new Memory(
                initializing,
                divergence,
                divergenceFrom,
                crashRecoveryTried,
                startFailed,
                handover,
                prePromoteFailedAt,
                ledOrFollowed,
                value,
                streamAwaitedSince,
                unprovenSince);
    }

    public Memory withStreamAwaitedSince(OptionalLong value) {
        return new Memory(
                initializing,
                divergence,
                divergenceFrom,
                crashRecoveryTried,
                startFailed,
                handover,
                prePromoteFailedAt,
                ledOrFollowed,
                notBefore,
                value,
                unprovenSince);
    }

    public Memory withUnprovenSince(OptionalLong value) {
        return new Memory(
                initializing,
                divergence,
                divergenceFrom,
                crashRecoveryTried,
                startFailed,
                handover,
                prePromoteFailedAt,
                ledOrFollowed,
                notBefore,
                streamAwaitedSince,
                value);
    }
}
