package io.matriarch.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void spacedTextLooksLikeThePeersAndKeepsTheOrderOfKeys() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("z", Arrays.asList(1, null, true));
        map.put("a", Map.of("b", "c"));
        assertThat(Json.spaced(map)).isEqualTo("{\"z\": [1, null, true], \"a\": {\"b\": \"c\"}}");
        assertThat(Json.compact(map)).isEqualTo("{\"z\":[1,null,true],\"a\":{\"b\":\"c\"}}");
        assertThat(Json.spaced(Map.of()) + Json.spaced(List.of())).isEqualTo("{}[]");
    }

    @Test
    void everythingOutsidePrintableAsciiIsEscapedInLowerCase() {
        assertThat(Json.compact("\u00e4\ud83d\ude00\u007f\u001f/\"\\\n\t"))
                .isEqualTo("\"\\u00e4\\ud83d\\ude00\\u007f\\u001f/\\\"\\\\\\n\\t\"");
    }

    @ParameterizedTest
    @CsvSource({
        "1.0,1.0",
        "0.1,0.1",
        "-2.5,-2.5",
        "100000000000000.0,100000000000000.0",
        "1e16,1e+16",
        "1.5e20,1.5e+20",
        "0.0001,0.0001",
        "0.00001,1e-05",
        "0,0.0"
    })
    void realsLookLikeThePeers(double value, String text) {
        assertThat(Json.compact(value)).isEqualTo(text);
    }

    @Test
    void numbersKeepTheirKind() {
        assertThat(Json.object("{\"a\":1,\"b\":67393608000,\"c\":1.5,\"d\":null}"))
                .containsEntry("a", 1)
                .containsEntry("b", 67393608000L)
                .containsEntry("c", 1.5)
                .containsEntry("d", null);
    }

    @Test
    void aNumberThatJsonCannotHoldIsRefused() {
        assertThatThrownBy(() -> Json.compact(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "[1]", "\"x\"", "1", "null", "{\"a\":", "{} {}", "{'a':1}"})
    void whatIsNoObjectIsRefusedWithASentence(String text) {
        assertThatThrownBy(() -> Json.object(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s)(expected (a )?JSON|not valid JSON at line 1).*");
    }
}
