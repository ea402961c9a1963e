package io.matriarch.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterPictureTest {
    private static ClusterPicture.Row row(String name, String role, String state, int timeline) {
        return new ClusterPicture.Row(
                name, role, state, "127.0.0.1", 5432, Integer.toString(timeline), "0");
    }

    @ParameterizedTest
    @CsvSource({
        "leader,  running,   streaming, 2, true",
        "leader,  starting,  streaming, 2, false",
        "replica, streaming, streaming, 2, false",
        "leader,  running,   running,   2, false",
        "leader,  running,   stopped,   2, false",
        "leader,  running,   streaming, 1, false"
    })
    void itIsWholeWhenOneLeadsAndAllOthersStreamOnItsTimeline(
            String role, String state, String otherState, int otherTimeline, boolean whole) {
        ClusterPicture picture =
                new ClusterPicture(
                        List.of(
                                row("a", role, state, 2),
                                row("b", "replica", otherState, otherTimeline),
                                row("c", "replica", "streaming", 2)));
        assertThat(picture.isWhole(3)).isEqualTo(whole);
        assertThat(picture.isWhole(4)).isFalse();
    }
}
