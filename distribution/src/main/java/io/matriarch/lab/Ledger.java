package io.matriarch.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which row was acknowledged by which member, and when. Times are monotonic nanoseconds. Safe for
 * use by any thread.
 */
public final class Ledger {
    /**
     * A row that PostgreSQL said is committed.
     *
     * @param outside written by a client that reaches the member as others do, not by one beside it
     * @param sent before the insert was sent
     * @param answered after its answer came
     */
    public record Row(long id, String member, boolean outside, long sent, long answered) {}

    private final AtomicLong lastId = new AtomicLong();
    private final List<Row> rows = new ArrayList<>();

    public long nextId() {
        return lastId.incrementAndGet();
    }

    public synchronized void acknowledged(Row row) {
        rows.add(row);
    }

    public synchronized long size(boolean outside) {
        return rows.stream().filter(row -> row.outside() == outside).count();
    }

    /** Of the rows that clients outside were given in this span: how many were not found. */
    public synchronized long lostBetween(long from, long to, Set<Long> found) {
        return between(from, to).stream()
                .filter(row -> row.outside() && !found.contains(row.id()))
                .count();
    }

    /** How many rows of such clients were acknowledged and are not among those that were found. */
    public synchronized long lost(boolean outside, Set<Long> found) {
        return rows.stream()
                .filter(row -> row.outside() == outside && !found.contains(row.id()))
                .count();
    }

    /** Whether a client outside had a row acknowledged after the instant. */
    public synchronized boolean movedSince(long instant) {
        return rows.stream().anyMatch(row -> row.outside() && row.sent() > instant);
    }

    /**
     * The longest time without a row acknowledged to a client outside, of the rows around the
     * fault.
     *
     * @param fault the instant of the fault; the last row before it counts
     * @param healed the instant after which rows no longer count
     */
    public long outageNanos(long fault, long healed) {
        long before = fault;
        long longest = 0;
        List<Row> window = between(Long.MIN_VALUE, healed).stream().filter(Row::outside).toList();
        for (Row row : window) {
            if (row.answered() <= fault) {
                before = row.answered();
            }
        }
        for (Row row : window) {
            if (row.answered() > fault) {
                longest = Math.max(longest, row.answered() - before);
                before = row.answered();
            }
        }
        return longest;
    }

    /**
     * For how long two members were proven to take writes at one time: a row was sent to the former
     * one after the later one had acknowledged its first row, and was acknowledged. 0 = never. Made
     * for a span with one change of the primary.
     */
    public long overlapNanos(long from, long to) {
        List<Row> window = between(from, to);
        Map<String, Row> firstOf = new LinkedHashMap<>();
        window.forEach(row -> firstOf.putIfAbsent(row.member(), row));
        long overlap = 0;
        for (Row later : firstOf.values().stream().skip(1).toList()) {
            for (Row row : window) {
                boolean ofTheFormer = !row.member().equals(later.member());
                if (ofTheFormer && row.sent() > later.answered()) {
                    overlap = Math.max(overlap, row.answered() - later.answered());
                }
            }
        }
        return overlap;
    }

    private synchronized List<Row> between(long from, long to) {
        return rows.stream()
                .filter(row -> row.answered() >= from && row.answered() <= to)
                .sorted(Comparator.comparingLong(Row::answered))
                .toList();
    }
}
