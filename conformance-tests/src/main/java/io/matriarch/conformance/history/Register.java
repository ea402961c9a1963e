package io.matriarch.conformance.history;

import java.util.Objects;
import java.util.Optional;

/**
 * One entry as the contract describes it: absent, or a text with a version that changes with every
 * write. Immutable.
 *
 * @param content empty while the entry is absent
 */
record Register(Optional<Content> content) {
    /**
     * @param version its token
     */
    record Content(String text, String version) {}

    static final Register ABSENT = new Register(Optional.empty());

    /** Present, with a text and a version that no call has shown. */
    static final Register UNSEEN = holding("?", "?");

    static Register holding(String text, String version) {
        return new Register(Optional.of(new Content(text, version)));
    }

    /** One operation, and what it becomes of a register if it took effect there. */
    sealed interface Operation {
        /** The register afterwards; empty if the answer is impossible here. */
        Optional<Register> on(Register register);
    }

    /** A read that showed this. */
    record Showed(Register seen) implements Operation {
        @Override
        public Optional<Register> on(Register register) {
            return register.equals(seen) ? Optional.of(register) : Optional.empty();
        }
    }

    /** A write or, with an absent register, a deletion that was or may have been applied. */
    record Became(Condition condition, Register next) implements Operation {
        @Override
        public Optional<Register> on(Register register) {
            return condition.holds(register) ? Optional.of(next) : Optional.empty();
        }
    }

    /**
     * A write that was refused.
     *
     * @param deletion deleting what is not there may be refused, whatever the guard
     */
    record WasRefused(Condition condition, boolean deletion) implements Operation {
        @Override
        public Optional<Register> on(Register register) {
            boolean refusable =
                    !condition.holds(register) || deletion && register.content().isEmpty();
            return refusable ? Optional.of(register) : Optional.empty();
        }
    }

    /** A guard. */
    sealed interface Condition {
        boolean holds(Register register);
    }

    enum Always implements Condition {
        ALWAYS;

        @Override
        public boolean holds(Register register) {
            return true;
        }
    }

    enum IfAbsent implements Condition {
        IF_ABSENT;

        @Override
        public boolean holds(Register register) {
            return register.content().isEmpty();
        }
    }

    record IfVersion(String version) implements Condition {
        IfVersion {
            Objects.requireNonNull(version);
        }

        @Override
        public boolean holds(Register register) {
            return register.content().filter(c -> c.version().equals(version)).isPresent();
        }
    }
}
