package io.matriarch.dcs.raft;

import io.matriarch.spi.Ticker;

/**
 * The replicated clock as this client saw it last. It never goes back in one store, so what is
 * older than what was seen is an answer that came late, or of a member that lags, and is ignored.
 * With one exception: a read that was sent after all that was seen cannot yield less in the same
 * store. If it does, the store was made anew, or put back to what it was, and the client goes on
 * with that one; else it would hold each of its own requests to a time that is long to come.
 *
 * <p>Thread-safe.
 */
final class SeenClock {
    /** What was seen, and when on the clock of the caller. */
    record Sight(long clock, long at) {}

    private final Ticker ticker;
    private Sight last;
    private int stores;

    /** As if nothing had been seen for that long. */
    SeenClock(Ticker ticker, long nanosAgo) {
        this.ticker = ticker;
        this.last = new Sight(0, ticker.nanos() - nanosAgo);
    }

    synchronized Sight last() {
        return last;
    }

    /** Grows when another store was found. */
    synchronized int stores() {
        return stores;
    }

    /** Takes note of what a member knows, which may be old. */
    synchronized void heard(long clock) {
        if (clock >= last.clock()) {
            last = new Sight(clock, ticker.nanos());
        }
    }

    /** Takes note of what an entry of the log yielded that was sent at that time first. */
    synchronized void read(long clock, long sentAt) {
        if (clock < last.clock() && sentAt - last.at() > 0) {
            stores++;
            last = new Sight(clock, ticker.nanos());
        } else {
            heard(clock);
        }
    }
}
