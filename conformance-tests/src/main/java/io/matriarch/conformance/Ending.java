package io.matriarch.conformance;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Outcome;
import java.util.Optional;

/**
 * How a call ended.
 *
 * @param call its name
 * @param answer what it returned, if it did
 * @param thrown what it threw, if it did
 * @param lateNanos how long after its deadline it ended; negative if before
 */
record Ending(
        String call, Optional<Object> answer, Optional<RuntimeException> thrown, long lateNanos) {

    boolean applied() {
        return answer.filter(Outcome.Applied.class::isInstance).isPresent();
    }

    boolean refused() {
        return answer.filter(Outcome.Refused.class::isInstance).isPresent();
    }

    boolean notApplied() {
        return thrown.filter(DcsException.NotApplied.class::isInstance).isPresent();
    }

    /** Neither an answer nor a claim that no retry can help. */
    boolean noAnswer() {
        return notApplied()
                || thrown.filter(DcsException.OutcomeUnknown.class::isInstance).isPresent();
    }

    /** Whether it ended in one of the ways that the contract knows. */
    boolean known() {
        return thrown.isEmpty() || thrown.get() instanceof DcsException;
    }
}
