package io.matriarch.conformance.history;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Ticker;
import java.util.List;
import java.util.Optional;

/** Where one history takes place: a store, a link for each seat, and time. Closed after it. */
public interface World extends AutoCloseable {
    Timing timing();

    /** The clock of the clients, and of the record. */
    Ticker ticker();

    Scope scope();

    /** Returns when the clock has reached an instant. */
    void passUntil(long nanos);

    /** Runs all side by side and returns when the last has ended; throws what one of them threw. */
    void together(List<Runnable> lanes);

    /** Opens a client over the link of a seat. */
    Dcs open(int seat, Optional<String> member, DcsListener listener);

    /**
     * Spoils or mends a link or the servers. Called by one thread at a time; returns when that is
     * in force. A fault replaces the one before on the same target.
     */
    void inflict(int seat, Action action);

    /** When the machine itself stood still; empty in virtual time. */
    List<Stall> stalls();

    @Override
    void close();
}
