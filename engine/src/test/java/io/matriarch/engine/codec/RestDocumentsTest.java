package io.matriarch.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestDocumentsTest {
    @ParameterizedTest
    @ValueSource(strings = {"cluster", "rest-history"})
    void whatIsReadIsWrittenBackByteForByte(String name) {
        String text = ClusterCodecTest.golden(name + ".json");
        assertThat(Json.spaced(Json.value(text))).isEqualTo(text);
    }
}
