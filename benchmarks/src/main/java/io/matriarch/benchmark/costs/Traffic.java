package io.matriarch.benchmark.costs;

import java.util.concurrent.atomic.LongAdder;

/** What passed between simulated members and the store, as seen on the members' side. */
final class Traffic {
    private final LongAdder hints = new LongAdder();
    private final LongAdder reads = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** A moment of it. */
    record Seen(long hints, long reads, long failures) {
        Seen since(Seen before) {
            return new Seen(hints - before.hints, reads - before.reads, failures - before.failures);
        }
    }

    void hint() {
        hints.increment();
    }

    void read() {
        reads.increment();
    }

    void failure() {
        failures.increment();
    }

    Seen seen() {
        return new Seen(hints.sum(), reads.sum(), failures.sum());
    }
}
