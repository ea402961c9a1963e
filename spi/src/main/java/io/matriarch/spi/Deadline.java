package io.matriarch.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * The instant, on a monotonic clock, by which a call returns or throws (rule D1). A deadline is
 * made once, at the edge, and passed down unchanged; every retry spends the same one.
 *
 * @param ticker the clock that {@code at} is read on
 * @param at nanoseconds on that clock
 */
public record Deadline(Ticker ticker, long at) {
    public Deadline {
        Objects.requireNonNull(ticker, "ticker");
    }

    /** The deadline that lies {@code budget} after now. */
    public static Deadline after(Ticker ticker, Duration budget) {
        return new Deadline(ticker, ticker.nanos() + budget.toNanos());
    }

    /** Nanoseconds left; zero or negative once it has passed. */
    public long remainingNanos() {
        return at - ticker.nanos();
    }

    /** Time left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, remainingNanos()));
    }

    public boolean passed() {
        return remainingNanos() <= 0;
    }

    /** The earlier of this deadline and {@code budget} from now; never later than this one. */
    public Deadline atMost(Duration budget) {
        long candidate = ticker.nanos() + budget.toNanos();
        return candidate - at < 0 ? new Deadline(ticker, candidate) : this;
    }
}
