package io.matriarch.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryKindTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MEMBER")
    void everyKindIsFoundByItsKey(EntryKind kind) {
        assertThat(EntryKind.ofKey(kind.key())).contains(kind);
    }

    @Test
    void memberKeysNameOneMember() {
        assertThat(EntryKind.ofKey("members/a")).contains(EntryKind.MEMBER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "members", "members/", "members/a/b", "leader/", "optime/leader", "x"})
    void otherKeysAreIgnored(String key) {
        assertThat(EntryKind.ofKey(key)).isEmpty();
    }
}
