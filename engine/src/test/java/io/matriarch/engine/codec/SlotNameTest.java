package io.matriarch.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotNameTest {
    @ParameterizedTest
    @CsvSource({
        "pg-1,pg_1",
        "PG.a_B,pg_a_b",
        "a b,au0032b",
        "n\u00f6,nu0246",
        "\ud83d\ude00,u128512"
    })
    void isDerivedFromTheMemberName(String member, String slot) {
        assertThat(SlotName.of(member)).isEqualTo(slot);
    }

    @Test
    void isCutToWhatPostgresqlHolds() {
        assertThat(SlotName.of("x".repeat(80))).hasSize(63);
    }
}
