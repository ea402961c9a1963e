package io.matriarch.engine.simulation;

/**
 * An invariant that did not hold.
 *
 * @param invariant its id in the design, for example {@code I1}
 * @param at virtual nanoseconds
 * @param detail one sentence: who, what, by how much
 */
record Violation(String invariant, long at, String detail) {
    @Override
    public String toString() {
        return invariant + " at " + Trace.time(at).trim() + " s: " + detail;
    }
}
