package io.matriarch.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * What the store answered. No answer is a {@link DcsException}, never an outcome (rule O1).
 *
 * @param <T> what an applied operation yields
 */
public sealed interface Outcome<T> {
    /** The value of an applied operation. */
    default Optional<T> applied() {
        return this instanceof Applied<T> applied ? Optional.of(applied.value()) : Optional.empty();
    }

    default boolean isApplied() {
        return this instanceof Applied;
    }

    /** Committed by the store. */
    record Applied<T>(T value) implements Outcome<T> {
        public Applied {
            Objects.requireNonNull(value, "value");
        }
    }

    /** The store answered, and the guard did not hold. Nothing was changed. */
    record Refused<T>(Refusal reason, String detail) implements Outcome<T> {
        public Refused {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(detail, "detail");
        }
    }

    /** Why the store said no. */
    enum Refusal {
        /** Another member holds the lease. */
        HELD_BY_OTHER,
        /** The lease, or the entry, is not the caller's (any more). */
        NOT_MINE,
        /** The entry has another version. */
        VERSION_CHANGED,
        /** The entry exists already. */
        EXISTS,
        /** The entry does not exist. */
        MISSING
    }

    /** Nothing to yield but that it was applied. */
    enum Done {
        DONE
    }

    static <T> Outcome<T> applied(T value) {
        return new Applied<>(value);
    }

    static Outcome<Done> done() {
        return new Applied<>(Done.DONE);
    }

    static <T> Outcome<T> refused(Refusal reason, String detail) {
        return new Refused<>(reason, detail);
    }
}
