package io.matriarch.conformance.history;

import io.matriarch.spi.Lease;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Version;
import java.util.Optional;

/**
 * How a call ended, with what it yielded.
 *
 * @param detail the reason of a refusal or of an exception, or empty
 */
public record Reply(
        Result result,
        Optional<Lease> lease,
        Optional<Version> version,
        Optional<Snapshot> snapshot,
        String detail) {
    /** The endings of the contract (O1), and one for all that it does not allow. */
    public enum Result {
        APPLIED,
        REFUSED,
        NOT_APPLIED,
        UNKNOWN,
        BROKEN
    }

    static Reply without(Result result, String detail) {
        return new Reply(result, Optional.empty(), Optional.empty(), Optional.empty(), detail);
    }
}
