package io.matriarch.conformance.history;

import java.util.List;
import java.util.Optional;

/**
 * One step of a plan.
 *
 * @param pause how long after the step before it is due, in twentieths of a ttl
 * @param seat whose client or link it is, from 0 to {@link #SEATS} - 1
 * @param choice which entry a write is about, and whether it is guarded
 */
public record Step(int pause, int seat, Action action, int choice) {
    /** Members a, b and c, and a read-only client. */
    public static final int SEATS = 4;

    /** Choices that differ. */
    public static final int CHOICES = 8;

    private static final List<String> NAMES = List.of("a", "b", "c");

    /** The name of the member in a seat; empty for the read-only client. */
    public static Optional<String> member(int seat) {
        return seat < NAMES.size() ? Optional.of(NAMES.get(seat)) : Optional.empty();
    }

    static String name(int seat) {
        return member(seat).orElse("reader");
    }

    @Override
    public String toString() {
        String whom =
                switch (action.target()) {
                    case CLIENT -> name(seat) + " ";
                    case LINK -> "link of " + name(seat) + " ";
                    case SERVER -> "servers ";
                };
        boolean entry = action == Action.WRITE || action == Action.DELETE;
        return "+" + pause + " " + whom + action + (entry ? " " + Change.describe(choice) : "");
    }
}
