package io.matriarch.engine.port;

import java.util.Optional;

/** What came of a store call. */
public sealed interface StoreAnswer<T> {
    /** The store answered; the value may still be a refusal. */
    record Answered<T>(T value) implements StoreAnswer<T> {}

    /** The store gave no answer. */
    record Failed<T>(Kind kind, String message) implements StoreAnswer<T> {}

    /** Mirrors {@code DcsException}. */
    enum Kind {
        NOT_APPLIED,
        OUTCOME_UNKNOWN,
        MISCONFIGURED
    }

    default Optional<T> answer() {
        return this instanceof Answered<T> answered
                ? Optional.of(answered.value())
                : Optional.empty();
    }
}
