package io.matriarch.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Many seeds; {@code -Dsimulation.seeds=N} and {@code -Dsimulation.first=S} choose which. */
class SimulationTest {
    @Test
    void noSeedViolatesAnInvariant() {
        long seeds = Long.getLong("simulation.seeds", 2_000);
        long first = Long.getLong("simulation.first", 1);
        List<Simulation.Result> found = SimulationRun.run(seeds, first, 60, System.out);

        assertThat(found.stream().map(r -> "seed " + r.seed() + ": " + r.violation().orElseThrow()))
                .isEmpty();
    }
}
