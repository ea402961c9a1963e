package io.matriarch.engine.decide;

import io.matriarch.engine.model.Lsn;
import java.util.Optional;

/** The position that a member publishes when it gives the lease up. */
final class Handovers {
    private Handovers() {}

    /** Known only after a clean shutdown: from the action, or from pg_control. */
    static Optional<Lsn> position(Situation s) {
        return s.memory()
                .handover()
                .flatMap(Memory.Handover::position)
                .or(
                        () ->
                                s.local()
                                        .control()
                                        .filter(c -> c.clusterState().equals("shut down"))
                                        .map(c -> c.checkpoint()));
    }
}
