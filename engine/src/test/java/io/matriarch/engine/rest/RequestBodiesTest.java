package io.matriarch.engine.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.codec.Json;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestBodiesTest {
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-23T03:00:00Z");

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
    {"role": "master"}               | 400 PostgreSQL role should be either primary, standby_leader, or replica
    {"role": 7, "foo": 1}            | 400 PostgreSQL role should be either primary, standby_leader, or replica
    {"foo": 1, "role": 7}            | 400 Unknown filter for the scheduled restart: foo
    {"postgres_version": "abc"}      | 400 Invalid PostgreSQL version: abc
    {"postgres_version": "15"}       | 400 Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: 15
    {"postgres_version": "9.5"}      | 400 Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: 9.5
    {"timeout": 0}                   | 400 Timeout should be a positive number of seconds
    {"timeout": "5 parsecs"}         | 400 Timeout should be a positive number of seconds
    {"timeout": true}                | 400 Timeout should be a positive number of seconds
    {"schedule": "2020-01-01T00:00Z"} | 422 Cannot schedule restart in the past
    {"schedule": "2030-01-01T00:00"} | 400 Timezone information is mandatory for the scheduled restart
    {"schedule": "whenever"}         | 422 Unable to parse scheduled timestamp. It should be in an unambiguous format, e.g. ISO 8601
    """)
    void refusesRestarts(String body, String answer) {
        RestartRequest request = RestartRequest.of(Json.object(body), false, NOW);
        assertThat(request.refusal().map(r -> r.status() + " " + r.body())).contains(answer);
    }

    @Test
    void readsARestart() {
        RestartRequest request =
                RestartRequest.of(
                        Json.object(
                                "{\"restart_pending\": false, \"postgres_version\": \"15.99\","
                                        + " \"timeout\": \"1min\", \"role\": \"replica\","
                                        + " \"schedule\": \"2030-01-01T00:00Z\"}"),
                        false,
                        NOW);
        assertThat(request.refusal()).isEmpty();
        assertThat(request.order().onlyIfPending()).isTrue();
        assertThat(request.order().belowVersion()).contains(150099);
        assertThat(request.order().role()).contains("replica");
        assertThat(request.timeout()).contains(Duration.ofMinutes(1));
        assertThat(request.at()).contains(OffsetDateTime.parse("2030-01-01T00:00Z"));
        assertThat(Json.spaced(request.filters()))
                .isEqualTo(
                        "{\"restart_pending\": false, \"postgres_version\": \"15.99\","
                                + " \"timeout\": 60, \"role\": \"replica\"}");
    }

    @Test
    void refusesAScheduleInPauseFirst() {
        assertThat(
                        RestartRequest.of(
                                        Json.object("{\"foo\": 1, \"schedule\": \"x\"}"), true, NOW)
                                .refusal()
                                .map(r -> r.status() + " " + r.body()))
                .contains("500 Can't schedule restart in the paused state");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
    2030-01-01T00:00Z               | 2030-01-01T00:00Z
    2030-01-01T12:00+00             | 2030-01-01T12:00Z
    2030-01-01T12:00+0200           | 2030-01-01T12:00+02:00
    2030-01-01T12:00:30+02:00       | 2030-01-01T12:00:30+02:00
    2030-01-01 12:00:30.25-05       | 2030-01-01T12:00:30.250-05:00
    2030-01-01 12:00 UTC            | 2030-01-01T12:00Z
    2030-1-2 9:05 +0100             | 2030-01-02T09:05+01:00
    20300101T1200Z                  | none
    10:30+00                        | 2026-11-23T10:30Z
    Jan 1 2030 10:00 UTC            | 2030-01-01T10:00Z
    1 jan 2030 10:00 utc            | 2030-01-01T10:00Z
    2030-01-01T12:00                | 2030-01-01T12:00 without a zone
    2030-13-01T12:00Z               | none
    soon                            | none
    """)
    void readsTimes(String text, String expected) {
        String found =
                ScheduledTime.parse(text, LocalDate.of(2026, 11, 23))
                        .map(
                                time ->
                                        time.offset().isPresent()
                                                ? time.in(ZoneOffset.UTC).toString()
                                                : time.local() + " without a zone")
                        .orElse("none");
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void splitsTargets() {
        RequestTarget target =
                RequestTarget.parse("/replica/x?lag=&lag=1&lag=2&a=b%20c+d&broken=%zz&=x&y");
        assertThat(target.segment()).isEqualTo("replica");
        assertThat(target.query())
                .containsEntry("lag", "1")
                .containsEntry("a", "b c d")
                .containsEntry("broken", "%zz")
                .hasSize(3);
        assertThat(RequestTarget.parse("/").segment()).isEmpty();
    }
}
