package io.matriarch.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTextTest {
    private static Object scalar(String text) {
        return ((Map<?, ?>) YamlText.parse("f", "k: " + text).value()).get("k");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    on         | Boolean | true
                    No         | Boolean | false
                    y          | String  | y
                    n          | String  | n
                    0644       | Integer | 420
                    0o644      | String  | 0o644
                    12:30      | Integer | 750
                    1_000      | Integer | 1000
                    0x10       | Integer | 16
                    0b101      | Integer | 5
                    08         | String  | 08
                    1e5        | String  | 1e5
                    1e-5       | String  | 1e-5
                    1.5e3      | String  | 1.5e3
                    1.5e+3     | Double  | 1500.0
                    0.01       | Double  | 0.01
                    -.5        | String  | -.5
                    .5         | Double  | 0.5
                    2026-01-01 | String  | 2026-01-01
                    99999999999 | Long   | 99999999999
                    1.2.3.4    | String  | 1.2.3.4
                    1.2.3.4:80 | String  | 1.2.3.4:80
                    =          | String  | =
                    """)
    void scalarsAreReadAsThePeerReadsThem(String text, String type, String value) {
        assertThat(scalar(text)).hasToString(value);
        assertThat(scalar(text).getClass().getSimpleName()).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "null"})
    void emptyIsNull(String text) {
        assertThat(scalar(text)).isNull();
    }

    @Test
    void placesAndDuplicateKeysAreKnown() {
        YamlText text = YamlText.parse("f.yml", "a:\n  b: 1\n  b: 2\nc: {d: 3}\n");
        assertThat(text.value()).isEqualTo(Map.of("a", Map.of("b", 2), "c", Map.of("d", 3)));
        assertThat(text.places()).containsEntry("a.b", "f.yml:3").containsEntry("c.d", "f.yml:4");
        assertThat(text.warnings())
                .containsExactly("f.yml:3: a.b is there twice; the last one counts");
    }

    @Test
    void anchorsAndMergeKeysWork() {
        YamlText text = YamlText.parse("f", "x: &a {p: 1}\ny:\n  <<: *a\n  q: 2\n");
        assertThat(text.value())
                .isEqualTo(Map.of("x", Map.of("p", 1), "y", Map.of("p", 1, "q", 2)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: [",
                "a: b: c",
                "a: %(x)s",
                "&a [*a]",
                "a: !!java.net.URL [x]",
                "a: \u0000"
            })
    void whatIsNoYamlIsOneSentenceWithItsPlace(String text) {
        assertThatThrownBy(() -> YamlText.parse("f.yml", text))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("f.yml");
    }
}
