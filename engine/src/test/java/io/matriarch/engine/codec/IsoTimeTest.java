package io.matriarch.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimeTest {
    @ParameterizedTest
    @CsvSource({
        "2026-08-01T03:00:00Z,2026-08-01T03:00:00+00:00",
        "2026-08-01T03:00:00.123456789+02:00,2026-08-01T03:00:00.123456+02:00",
        "2026-08-01T03:00:00-05:30,2026-08-01T03:00:00-05:30",
        "2026-08-01T03:00:00.5+00:00,2026-08-01T03:00:00.500000+00:00"
    })
    void isWrittenAsThePeerDoes(String time, String text) {
        assertThat(IsoTime.text(OffsetDateTime.parse(time))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-08-01T03:00:00+00:00",
                "2026-08-01 03:00:00 +00:00",
                "2026-08-01T03:00Z",
                "2026-08-01T03:00:00.000000+0000",
                "2026-08-01 03:00:00.0+00",
                "2026-08-01T03:00:00-00",
                "2026-08-01T05:00:00+0200"
            })
    void isReadInTheUsualForms(String text) {
        assertThat(IsoTime.parse(text).orElseThrow().toInstant())
                .isEqualTo(OffsetDateTime.parse("2026-08-01T03:00:00Z").toInstant());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tomorrow", "2026-08-01T03:00:00", "2026-13-01T03:00:00Z"})
    void withoutAnOffsetOrOutOfRangeItIsNoTime(String text) {
        assertThat(IsoTime.parse(text)).isEmpty();
    }
}
