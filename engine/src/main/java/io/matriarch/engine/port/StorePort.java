package io.matriarch.engine.port;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Scope;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The consensus store. A call is a function of the {@link Dcs}, run elsewhere; its answer arrives
 * on the decision lane no later than the budget plus 250 ms.
 */
public interface StorePort {
    DcsTraits traits();

    /** The cluster that is read and written. */
    Scope scope();

    /**
     * @param lane calls of one lane run in order; calls of different lanes do not wait for each
     *     other
     * @param budget measured from now
     * @param call what to do, given the backend and the deadline
     * @param to receives the answer on the decision lane
     */
    <T> void submit(
            Lane lane,
            Duration budget,
            BiFunction<Dcs, Deadline, T> call,
            Consumer<StoreAnswer<T>> to);

    /** Lanes to the store: a slow read never delays a renewal. */
    enum Lane {
        LEASE,
        VIEW
    }
}
