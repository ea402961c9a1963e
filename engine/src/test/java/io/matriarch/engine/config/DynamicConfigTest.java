package io.matriarch.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.engine.codec.Json;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.model.Settings.SynchronousMode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DynamicConfigTest {
    private static DynamicConfig.Adjusted adjusted(String json) {
        return DynamicConfig.settings(Json.object(json));
    }

    @Test
    void anEmptyDocumentMeansTheDefaults() {
        assertThat(adjusted("{}").settings()).isEqualTo(Settings.defaults());
        assertThat(adjusted("{}").warnings()).isEmpty();
    }

    @ParameterizedTest(name = "{0}/{1}/{2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # ttl | loop | retry | becomes
                    30    | 10   | 10    | 30 | 10 | 10
                    30    | 20   | 20    | 30 | 1  | 14
                    30    | 20   | 10    | 30 | 10 | 10
                    20    | 10   | 10    | 20 | 1  | 9
                    5     | 10   | 10    | 20 | 1  | 9
                    20    | 0    | 1     | 20 | 1  | 3
                    21    | 1    | 10    | 21 | 1  | 10
                    30    | 2    | 15    | 30 | 1  | 14
                    """)
    void timingIsAdjustedAsEveryPeerDoes(
            int ttl, int loop, int retry, int newTtl, int newLoop, int newRetry) {
        Settings settings =
                adjusted(
                                String.format(
                                        "{\"ttl\":%d,\"loop_wait\":%d,\"retry_timeout\":%d}",
                                        ttl, loop, retry))
                        .settings();
        assertThat(settings.ttl()).hasSeconds(newTtl);
        assertThat(settings.loopWait()).hasSeconds(newLoop);
        assertThat(settings.retryTimeout()).hasSeconds(newRetry);
    }

    @Test
    void adjustmentsAreToldInThePeersWords() {
        assertThat(adjusted("{\"ttl\":30,\"loop_wait\":20,\"retry_timeout\":20}").warnings())
                .containsExactly(
                        "Violated the rule \"loop_wait + 2*retry_timeout <= ttl\", where ttl=30."
                                + " Adjusting loop_wait from 20 to 1 and retry_timeout from 20 to"
                                + " 14");
        assertThat(adjusted("{\"loop_wait\":20}").warnings())
                .containsExactly(
                        "Violated the rule \"loop_wait + 2*retry_timeout <= ttl\", where ttl=30."
                                + " Adjusting loop_wait from 20 to 10");
        assertThat(adjusted("{\"ttl\":5,\"retry_timeout\":3}").warnings())
                .contains("ttl=5 can't be smaller than 20, adjusting...");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ttl\":\"abc\"}",
                "{\"ttl\":null}",
                "{\"loop_wait\":[]}",
                "{\"retry_timeout\":\"10s\"}",
                "{\"ttl\":true}",
                "{\"ttl\":30.5}",
                "{\"ttl\":99999999999}"
            })
    void aTimingThatIsNoNumberRejectsTheWholeDocument(String json) {
        assertThatThrownBy(() -> adjusted(json)).isInstanceOf(ConfigException.class);
    }

    @Test
    void textNumbersAndBooleanWordsAreUnderstood() {
        Settings settings =
                adjusted(
                                "{\"ttl\":\"40\",\"pause\":\"on\",\"failsafe_mode\":\"Yes\","
                                        + "\"check_timeline\":1,\"maximum_lag_on_failover\":\"5\","
                                        + "\"member_slots_ttl\":\"2h\",\"max_timelines_history\":3,"
                                        + "\"primary_start_timeout\":0,\"primary_stop_timeout\":-1}")
                        .settings();
        assertThat(settings.ttl()).hasSeconds(40);
        assertThat(settings.pause()).isTrue();
        assertThat(settings.failsafeMode()).isTrue();
        assertThat(settings.checkTimeline()).isTrue();
        assertThat(settings.maximumLagOnFailover()).isEqualTo(5);
        assertThat(settings.memberSlotsTtl()).isEqualTo(Duration.ofHours(2));
        assertThat(settings.maxTimelinesHistory()).isEqualTo(3);
        assertThat(settings.primaryStartTimeout()).isZero();
        assertThat(settings.primaryStopTimeout()).isZero();
    }

    @Test
    void oldNamesCountOnlyIfTheNewOneIsAbsent() {
        assertThat(adjusted("{\"master_start_timeout\":7}").settings().primaryStartTimeout())
                .hasSeconds(7);
        assertThat(
                        adjusted("{\"master_start_timeout\":7,\"primary_start_timeout\":8}")
                                .settings()
                                .primaryStartTimeout())
                .hasSeconds(8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"synchronous_mode":true}     | ON
                    {"synchronous_mode":"off"}    | OFF
                    {"synchronous_mode":"Quorum"} | QUORUM
                    {"synchronous_mode":null}     | OFF
                    {"synchronous_mode":"quorum","standby_cluster":{"host":"h"}} | OFF
                    {"synchronous_mode":"quorum","standby_cluster":{"host":""}}  | QUORUM
                    """)
    void theSynchronousModeIsAWordOrABoolean(String json, SynchronousMode mode) {
        assertThat(adjusted(json).settings().synchronousMode()).isEqualTo(mode);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"maximum_lag_on_failover\":\"1MB\"}",
                "{\"pause\":\"maybe\"}",
                "{\"member_slots_ttl\":\"10x\"}",
                "{\"synchronous_mode\":\"sometimes\"}",
                "{\"primary_start_timeout\":[]}"
            })
    void otherUnusableValuesBecomeDefaultsWithAWarning(String json) {
        DynamicConfig.Adjusted adjusted = adjusted(json);
        assertThat(adjusted.warnings()).hasSize(1);
        assertThat(DynamicConfig.settings(Map.of()).settings())
                .usingRecursiveComparison()
                .ignoringFields("document")
                .isEqualTo(adjusted.settings());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"ttl":30}           | {"ttl":"30"}             | {"ttl":30}
                    {"ttl":30}           | {"ttl":null}             | {}
                    {}                   | {"ttl":null}             | {}
                    {"a":{"b":1}}        | {"a":{"c":2}}            | {"a":{"b":1,"c":2}}
                    {"a":{"b":1}}        | {"a":{"b":null}}         | {"a":{}}
                    {"a":{"b":1}}        | {"a":5}                  | {"a":5}
                    {"a":5}              | {"a":{"b":null}}         | {"a":{"b":null}}
                    {}                   | {"a":{"b":null}}         | {"a":{"b":null}}
                    {"a":[1,2]}          | {"a":[3]}                | {"a":[3]}
                    {"a":true}           | {"a":"True"}             | {"a":true}
                    {"a":true}           | {"a":"true"}             | {"a":"true"}
                    {"a":1,"b":2}        | {"a":3}                  | {"a":3,"b":2}
                    {"a":1.0}            | {"a":1}                  | {"a":1}
                    """)
    void aPatchMergesAsThePeerDoes(String base, String patch, String merged) {
        assertThat(Json.compact(DynamicConfig.patch(Json.object(base), Json.object(patch))))
                .isEqualTo(merged);
    }
}
