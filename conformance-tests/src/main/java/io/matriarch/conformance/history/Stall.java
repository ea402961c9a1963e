package io.matriarch.conformance.history;

/** A time in which the machine did not let this process run, so that nothing can be blamed. */
public record Stall(long from, long to) {
    long within(long start, long end) {
        return Math.max(0, Math.min(end, to) - Math.max(start, from));
    }
}
