package io.matriarch.dcs.raft.machine;

import java.time.Duration;

/**
 * The replicated clock: the sum of what the Raft leaders' own clocks counted while they led.
 *
 * <p>It never runs ahead of true time between two entries by more than {@link #MARGIN}, and this is
 * why. Let a claim stand at a place in the log, sent at the instant s. A tick that follows it
 * counts an interval of its proposer's monotonic clock, and only what of the interval lies before s
 * counts too much. A reign begins with an entry; its first interval begins after the proposer saw
 * that entry committed. If the claim stands before that entry, all intervals of the reign begin
 * after s. If the claim stands after it, consider the first tick that follows the claim: its
 * interval, at most {@link #LONGEST}, may lie wholly before s. It may also have been measured
 * before s and appended after the claim, so that a part of the second interval lies before s. The
 * third interval begins when the second tick was measured, and a proposer measures a tick only
 * after it saw the one before committed, hence after s. So at most two intervals count, even if the
 * proposer was frozen for minutes in between, because a longer interval is cut to {@link #LONGEST}
 * when it is applied. Ticks of another reign are void, whoever thaws and sends them.
 *
 * <p>No clock is compared with another's; what remains is that two monotonic clocks run at
 * different rates. {@link #life} adds one five-hundredth for that: each of the two may be wrong by
 * one thousandth, twice what a kernel slews.
 */
public final class Clock {
    /** How often a leader proposes a tick. */
    public static final Duration PERIOD = Duration.ofMillis(250);

    /** No tick moves the clock further: time that nobody counted makes leases longer. */
    public static final Duration LONGEST = Duration.ofMillis(400);

    /** How far the clock may have moved since an entry beyond the time since it was sent. */
    public static final Duration MARGIN = LONGEST.multipliedBy(2);

    private static final long DRIFT = 500;

    private long now;
    private long reign;
    private long sequence;

    /** Nanoseconds since the store was made. */
    public long now() {
        return now;
    }

    /** How long something must live in the store that was granted for a ttl. */
    static long life(long ttl) {
        return ttl + ttl / DRIFT + MARGIN.toNanos();
    }

    void begin(long newReign) {
        reign = newReign;
        sequence = 0;
    }

    /** False if the tick is void. */
    boolean advance(Command.Tick tick) {
        if (tick.reign() != reign || tick.sequence() != sequence + 1) {
            return false;
        }
        sequence = tick.sequence();
        now += Math.max(0, Math.min(tick.elapsed(), LONGEST.toNanos()));
        return true;
    }

    long reign() {
        return reign;
    }

    long sequence() {
        return sequence;
    }

    void restore(long savedNow, long savedReign, long savedSequence) {
        now = savedNow;
        reign = savedReign;
        sequence = savedSequence;
    }
}
