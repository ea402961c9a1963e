package io.matriarch.benchmark.costs;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One change of leader, as its members see it. Instants are nanoseconds of {@link
 * System#nanoTime()}; each is noted once. Thread-safe.
 */
final class LeaderChange {
    private static final double NANOS_PER_MILLI = 1e6;

    private final String former;
    private final Set<String> others;
    private final CountDownLatch unaware;
    private final Map<String, Long> hinted = new ConcurrentHashMap<>();
    private final Map<String, Long> aware = new ConcurrentHashMap<>();
    private OptionalLong released = OptionalLong.empty();
    private OptionalLong taken = OptionalLong.empty();

    /**
     * @param others all members but the former leader
     */
    LeaderChange(String former, Set<String> others) {
        this.former = former;
        this.others = Set.copyOf(others);
        this.unaware = new CountDownLatch(others.size());
    }

    /**
     * In milliseconds.
     *
     * @param toHint from the answer to the release until the last member was told; negative if the
     *     answer came later than that
     * @param toTaken from there until the answer to the successor
     * @param toMedian from the answer to the successor until half of the others have read its name
     * @param toLast likewise, until the last has
     * @param whole from the answer to the release until then
     */
    record Latency(double toHint, double toTaken, double toMedian, double toLast, double whole) {}

    synchronized void released(String member, long at) {
        if (member.equals(former) && released.isEmpty()) {
            released = OptionalLong.of(at);
        }
    }

    synchronized void taken(String member, long at) {
        if (others.contains(member) && taken.isEmpty()) {
            taken = OptionalLong.of(at);
        }
    }

    /** Of the leader's record, of which nothing else tells in a calm cluster. */
    void hinted(String member, long at) {
        if (others.contains(member)) {
            hinted.putIfAbsent(member, at);
        }
    }

    void read(String member, String leader, long at) {
        boolean successor = !leader.equals(former) && others.contains(leader);
        if (successor && others.contains(member) && aware.putIfAbsent(member, at) == null) {
            unaware.countDown();
        }
    }

    boolean awaitAll(long seconds) throws InterruptedException {
        return unaware.await(seconds, TimeUnit.SECONDS);
    }

    int unaware() {
        return (int) unaware.getCount();
    }

    /** Once all know it. The successor itself reads its name in the answer to its claim. */
    synchronized Latency latency() {
        long gone = released.orElseThrow();
        long here = taken.orElseThrow();
        long[] seen = aware.values().stream().mapToLong(Long::longValue).sorted().toArray();
        long lastHint = hinted.values().stream().mapToLong(Long::longValue).max().orElse(gone);
        long last = Arrays.stream(seen).max().orElseThrow();
        return new Latency(
                millis(lastHint - gone),
                millis(here - gone),
                millis(seen[(seen.length - 1) / 2] - here),
                millis(last - here),
                millis(last - gone));
    }

    private static double millis(long nanos) {
        return nanos / NANOS_PER_MILLI;
    }
}
