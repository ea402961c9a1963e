package io.matriarch.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rules R2 and R3 for reads that any server, also one that lags, may answer. */
class FreshnessTest {
    private final List<String> asked = new ArrayList<>();

    /** Servers of which the one that answers a stale read lags. */
    private KeyValues.Listing answer(Optional<String> parameter, long lagging, long current) {
        asked.add(parameter.orElse("default"));
        return new KeyValues.Listing(
                Map.of(), parameter.equals(Optional.of("consistent")) ? current : lagging);
    }

    private long read(Freshness freshness, long lagging, long current) {
        return freshness.read(parameter -> answer(parameter, lagging, current)).index();
    }

    @Test
    void anAnswerOlderThanTheOneBeforeIsAskedForAgain() {
        Freshness freshness = new Freshness(ConsulSettings.Consistency.STALE);
        assertThat(read(freshness, 10, 10)).isEqualTo(10);
        assertThat(read(freshness, 9, 11)).isEqualTo(11);
        assertThat(asked).containsExactly("stale", "stale", "consistent");
    }

    @Test
    void anAnswerOlderThanAnOwnWriteIsAskedForAgain() {
        Freshness freshness = new Freshness(ConsulSettings.Consistency.DEFAULT);
        freshness.wrote(20);
        assertThat(read(freshness, 19, 20)).isEqualTo(20);
        assertThat(asked).containsExactly("default", "consistent");
    }

    @Test
    void afterADeletionAQuorumIsAskedOnce() {
        Freshness freshness = new Freshness(ConsulSettings.Consistency.STALE);
        freshness.deleted();
        read(freshness, 5, 6);
        read(freshness, 6, 6);
        assertThat(asked).containsExactly("consistent", "stale");
    }

    @Test
    void aStoreThatWasSetBackCountsAnew() {
        Freshness freshness = new Freshness(ConsulSettings.Consistency.DEFAULT);
        read(freshness, 100, 100);
        assertThat(read(freshness, 7, 7)).isEqualTo(7);
        assertThat(read(freshness, 8, 8)).isEqualTo(8);
        assertThat(asked).containsExactly("default", "default", "consistent", "default");
    }

    @Test
    void onlyConsistentReadsAreLinearizable() {
        assertThat(new Freshness(ConsulSettings.Consistency.CONSISTENT).linearizable()).isTrue();
        assertThat(new Freshness(ConsulSettings.Consistency.DEFAULT).linearizable()).isFalse();
    }
}
