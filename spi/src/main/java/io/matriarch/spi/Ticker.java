package io.matriarch.spi;

/**
 * A monotonic clock in nanoseconds. Only differences mean anything; wall time never enters a
 * deadline or a lease. Safe for use by any thread.
 */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since an arbitrary origin; never goes back. */
    long nanos();

    /** The clock of this process, {@link System#nanoTime()}. */
    static Ticker system() {
        return System::nanoTime;
    }
}
