package io.matriarch.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Judging the end of a lease without anybody else's clock. */
class ObservationTest {
    private long now = 1_000_000_000L;
    private final List<String> told = new ArrayList<>();
    private final Observation observation =
            new Observation(
                    () -> now,
                    Duration.ofSeconds(30),
                    (left, revived) -> told.add(left.toSeconds() + (revived ? " revived" : "")));

    private void pass(double seconds) {
        now += (long) (seconds * 1e9);
    }

    private static StoredObject object(long version, String leader, String ttl, String renewed) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put("leader", leader);
        annotations.put("ttl", ttl);
        annotations.put("renewTime", renewed);
        return new StoredObject("batman-leader", version, annotations, Json.object());
    }

    private void saw(StoredObject object) {
        observation.saw(Optional.of(object), object.version());
    }

    @Test
    void aRecordSeenForTheFirstTimeIsGrantedItsWholeTtl() {
        saw(object(5, "a", "20", "long ago"));
        pass(19.9);
        assertThat(observation.holder()).contains("a");
        pass(0.1);
        assertThat(observation.holder()).isEmpty();
        assertThat(told).containsExactly("20");
    }

    @Test
    void aTtlBeyondAllReasonSpoilsNoRead() {
        saw(object(5, "a", "9999999999999999", "1"));
        assertThat(observation.holder()).contains("a");
    }

    @Test
    void everyChangeBeginsTheTimeAnewAndOnlyAChangeDoes() {
        saw(object(5, "a", "20", "1"));
        pass(15);
        // Another annotation, a status for example, is no sign of a renewal.
        saw(object(6, "a", "20", "1"));
        pass(4);
        assertThat(observation.holder()).contains("a");
        saw(object(7, "a", "20", "2"));
        pass(19);
        assertThat(observation.holder()).contains("a");
        pass(1);
        assertThat(observation.holder()).isEmpty();
        saw(object(8, "a", "20", "3"));
        assertThat(observation.holder()).contains("a");
        assertThat(told).containsExactly("20", "20", "20 revived");
    }

    @Test
    void whatArrivesLateIsIgnored() {
        saw(object(7, "b", "20", "2"));
        pass(15);
        saw(object(5, "a", "20", "1"));
        assertThat(observation.holder()).contains("b");
        pass(5);
        assertThat(observation.holder()).isEmpty();
        // The record of before the removal is no news after it.
        observation.saw(Optional.empty(), 9);
        saw(object(7, "b", "20", "2"));
        assertThat(observation.holder()).isEmpty();
        assertThat(observation.ended(LeaderRecord.of(Optional.of(object(7, "b", "20", "2")))))
                .isFalse();
    }

    @Test
    void onlyTheRecordThatWasTimedCanEnd() {
        StoredObject timed = object(5, "a", "20", "1");
        saw(timed);
        pass(20);
        assertThat(observation.ended(LeaderRecord.of(Optional.of(timed)))).isTrue();
        LeaderRecord other = LeaderRecord.of(Optional.of(object(6, "a", "20", "2")));
        assertThat(observation.ended(other)).isFalse();
    }

    @Test
    void theTtlIsTheRecordsAndTheOwnOneIfItHasNone() {
        saw(object(5, "a", "junk", "1"));
        pass(29);
        assertThat(observation.holder()).contains("a");
        pass(1);
        assertThat(observation.holder()).isEmpty();
    }

    @Test
    void anEmptyNameIsNobodys() {
        saw(object(5, "", "20", "1"));
        assertThat(observation.holder()).isEmpty();
    }
}
