package io.matriarch.benchmark.costs;

import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The WAL of a simulated cluster: every standby has all of it at once. It grows all the time while
 * there is a primary, as under clients that write, so that each loop has something to publish.
 * Thread-safe.
 */
final class StandInWal {
    private static final long START = 0x3000000;
    private static final long NANOS_PER_BYTE = 100_000;

    private final List<HistoryLine> history = new ArrayList<>();
    private int timeline = 1;
    private long bytes = START;
    private Optional<Long> growsSince = Optional.empty();

    synchronized int timeline() {
        return timeline;
    }

    synchronized Lsn position() {
        long grown = growsSince.map(since -> System.nanoTime() - since).orElse(0L);
        return new Lsn(bytes + grown / NANOS_PER_BYTE);
    }

    /** A primary began to write on a new timeline. */
    synchronized void promoted() {
        history.add(
                new HistoryLine(
                        timeline,
                        position(),
                        "no recovery target specified",
                        Optional.empty(),
                        Optional.empty()));
        timeline++;
        growsSince = Optional.of(System.nanoTime());
    }

    /** The primary has stopped; where it ended. */
    synchronized Lsn stopped() {
        bytes = position().bytes();
        growsSince = Optional.empty();
        return position();
    }

    synchronized List<HistoryLine> history() {
        return List.copyOf(history);
    }
}
