package io.matriarch.benchmark.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import org.junit.jupiter.api.Test;

class LeaderChangeTest {
    private static final long MILLI = 1_000_000;
    private final LeaderChange change = new LeaderChange("a", Set.of("b", "c", "d"));

    @Test
    void isOverWhenEachOfTheOthersHasReadTheSuccessorsName() throws InterruptedException {
        change.hinted("b", 99 * MILLI); // told faster than the former leader was answered
        change.released("a", 100 * MILLI);
        change.hinted("b", 130 * MILLI);
        change.hinted("c", 108 * MILLI);
        change.hinted("c", 300 * MILLI);
        change.hinted("d", 104 * MILLI);
        change.read("b", "a", 105 * MILLI);
        change.taken("c", 120 * MILLI);
        change.read("c", "c", 121 * MILLI);
        change.read("b", "c", 125 * MILLI);
        change.read("b", "c", 900 * MILLI);
        assertThat(change.awaitAll(0)).isFalse();
        assertThat(change.unaware()).isEqualTo(1);
        change.read("d", "c", 140 * MILLI);

        assertThat(change.awaitAll(0)).isTrue();
        LeaderChange.Latency latency = change.latency();
        assertThat(latency.toHint()).isCloseTo(8, within(1e-9));
        assertThat(latency.toTaken()).isCloseTo(20, within(1e-9));
        assertThat(latency.toMedian()).isCloseTo(5, within(1e-9));
        assertThat(latency.toLast()).isCloseTo(20, within(1e-9));
        assertThat(latency.whole()).isCloseTo(40, within(1e-9));
    }

    @Test
    void doesNotCountTheFormerLeaderNorItsName() throws InterruptedException {
        change.released("a", 0);
        change.taken("b", 1);
        for (String member : Set.of("b", "c")) {
            change.read(member, "b", 2);
        }
        change.read("a", "b", 3);
        change.read("d", "a", 3);

        assertThat(change.unaware()).isEqualTo(1);
    }
}
