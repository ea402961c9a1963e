package io.matriarch.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.model.PeerStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerStatusTest {
    @ParameterizedTest
    @CsvSource({
        "status-primary,true,0,1",
        "status-replica,false,67500088,2",
        "status-standby-leader,false,67500632,2",
        "status-paused,false,67499936,2"
    })
    void anAnswerIsReadAsARaceNeedsIt(String file, boolean primary, long lsn, int timeline) {
        String text = ClusterCodecTest.golden(file + ".json");
        PeerStatus status = ClusterCodec.peerStatus(text).orElseThrow();
        assertThat(status.runningAsPrimary()).isEqualTo(primary);
        assertThat(status.lsn().bytes()).isEqualTo(lsn);
        assertThat(status.timeline()).isEqualTo(timeline);
        assertThat(status.watchdogFailed()).isFalse();
        assertThat(Json.spaced(Json.object(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "{\"state\": \"stopped\", \"role\": \"replica\"}",
                "{\"xlog\": 7}",
                "{\"xlog\": null}"
            })
    void withoutAWalPositionThereIsNoAnswer(String text) {
        assertThat(ClusterCodec.peerStatus(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"wal":{"replayed_location":5}}                          | false | 5 | false
                    {"xlog":{"received_location":7,"replayed_location":5}}   | false | 7 | false
                    {"role":"master","xlog":{"received_location":7}}         | true  | 0 | false
                    {"role":"replica","xlog":{"location":9}}                 | true  | 0 | false
                    {"xlog":{"location":0},"watchdog_failed":true}           | false | 0 | true
                    """)
    void oldAndOddAnswersAreUnderstood(String text, boolean primary, long lsn, boolean watchdog) {
        PeerStatus status = ClusterCodec.peerStatus(text).orElseThrow();
        assertThat(status.runningAsPrimary()).isEqualTo(primary);
        assertThat(status.lsn().bytes()).isEqualTo(lsn);
        assertThat(status.watchdogFailed()).isEqualTo(watchdog);
    }
}
