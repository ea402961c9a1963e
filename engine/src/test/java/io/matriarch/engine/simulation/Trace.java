package io.matriarch.engine.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The last things that happened, for the report of a violation. */
final class Trace {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Deque<String> lines = new ArrayDeque<>();
    private final int limit;

    Trace(int limit) {
        this.limit = limit;
    }

    void add(long nanos, String who, String what) {
        if (lines.size() == limit) {
            lines.removeFirst();
        }
        lines.addLast(time(nanos) + "  " + who + "  " + what);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Seconds and milliseconds of virtual time. */
    static String time(long nanos) {
        long millis = nanos / NANOS_PER_MILLI;
        return String.format(Locale.ROOT, "%6d.%03d", millis / 1000, millis % 1000);
    }
}
