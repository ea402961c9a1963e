package io.matriarch.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeTest {
    @ParameterizedTest
    @CsvSource({
        "/service/, batman, /service/batman",
        "service, batman, /service/batman",
        "//db///, Name_Cluster, /db/Name_Cluster",
        "'', alone, /alone",
        "/a/b/, c, /a/b/c"
    })
    void thePathHasOneSlashBetweenItsParts(String namespace, String name, String path) {
        assertThat(new Scope(namespace, name).path()).isEqualTo(path);
    }

    @Test
    void anEmptyNameIsRefused() {
        assertThatThrownBy(() -> new Scope("/service/", " "))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
