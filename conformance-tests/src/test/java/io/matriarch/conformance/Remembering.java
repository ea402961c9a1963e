package io.matriarch.conformance;

import io.matriarch.spi.Deadline;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Snapshot;
import java.util.Optional;

/** A client that has in mind what it acquired, for faults that rely on it. */
abstract class Remembering extends Wrapped {
    /** Of the last call of acquire; empty if that was refused. */
    Optional<Lease> known = Optional.empty();

    Remembering(Sound sound) {
        super(sound);
    }

    @Override
    public final Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        Outcome<Lease> outcome = super.acquire(judged, deadline);
        known = outcome.applied();
        return outcome;
    }
}
