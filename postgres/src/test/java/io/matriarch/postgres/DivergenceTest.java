package io.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Lsn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rule that says whether a rewind is needed. */
class DivergenceTest {
    private static final List<HistoryLine> HISTORY =
            HistoryFile.parse("1\t0/5000000\tx\n3\t0/7000000\tx\n");

    private static boolean needed(int timeline, String lsn, boolean recovery, String end) {
        return Divergence.rewindNeeded(
                new Divergence.Position(timeline, Lsn.parse(lsn), recovery),
                4,
                HISTORY,
                () -> Optional.ofNullable(end).map(Lsn::parse));
    }

    @Test
    void timelinesAreComparedFirst() {
        assertThat(needed(4, "0/9000000", true, null)).as("same timeline").isFalse();
        assertThat(needed(5, "0/1000000", true, null)).as("a newer one").isTrue();
        assertThat(needed(2, "0/1000000", true, null)).as("not an ancestor").isTrue();
    }

    @Test
    void aStandbyMayHaveAllUpToTheSwitch() {
        assertThat(needed(1, "0/5000000", true, null)).isFalse();
        assertThat(needed(1, "0/5000001", true, null)).isTrue();
        assertThat(needed(3, "0/6000000", true, null)).isFalse();
    }

    @Test
    void aFormerPrimaryMayEndWithItsCheckpointAtTheSwitch() {
        assertThat(needed(1, "0/4FFFF00", false, "0/5000000")).isFalse();
        assertThat(needed(1, "0/4FFFF00", false, null)).as("end unknown").isTrue();
        assertThat(needed(1, "0/5000000", false, "0/5000078")).isTrue();
        assertThat(needed(1, "0/6000000", false, null)).isTrue();
    }

    @Test
    void positionComesFromACleanEndOnly() {
        Map<String, String> control = new HashMap<>();
        control.put("Database cluster state", "shut down in recovery");
        control.put("Latest checkpoint location", "0/3000028");
        control.put("Latest checkpoint's TimeLineID", "2");
        control.put("Minimum recovery ending location", "0/4000000");
        control.put("Min recovery ending loc's timeline", "3");
        assertThat(Divergence.position(control))
                .contains(new Divergence.Position(3, Lsn.parse("0/4000000"), true));
        control.put("Minimum recovery ending location", "0/0");
        assertThat(Divergence.position(control))
                .contains(new Divergence.Position(2, Lsn.parse("0/3000028"), false));
        control.put("Database cluster state", "in production");
        assertThat(Divergence.position(control)).isEmpty();
    }
}
