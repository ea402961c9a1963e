package io.matriarch.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SectionTest {
    private static Section section(String key, Object value) {
        return new Section("etcd3", Map.of(key, value));
    }

    @Test
    void aListMayBeWrittenAsTextWithCommas() {
        assertThat(section("hosts", "a:1, b:2,,").list("hosts")).containsExactly("a:1", "b:2");
        assertThat(section("hosts", List.of("a:1 ", "b:2")).list("hosts"))
                .containsExactly("a:1", "b:2");
        assertThat(section("host", "a:1").list("hosts")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"on,true", "YES,true", "1,true", "true,true", "off,false", "No,false", "0,false"})
    void flagsAreReadAsYamlWritesThem(String text, boolean value) {
        assertThat(section("use_proxies", text).flag("use_proxies", !value)).isEqualTo(value);
    }

    @Test
    void whatIsAbsentTakesTheDefault() {
        Section empty = new Section("etcd3", Map.of());
        assertThat(empty.flag("use_proxies", true)).isTrue();
        assertThat(empty.integer("port", 2379)).isEqualTo(2379);
        assertThat(empty.map("headers")).isEmpty();
        assertThat(section("host", " ").text("host")).isEmpty();
    }

    @Test
    void theFirstSpellingThatIsPresentWins() {
        assertThat(section("cacert", "/ca.pem").firstText("ca_cert", "cacert")).contains("/ca.pem");
    }

    @Test
    void aWrongTypeIsSaidWithTheKey() {
        assertThatThrownBy(() -> section("port", "many").integer("port", 1))
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining("etcd3.port must be an integer");
        assertThatThrownBy(() -> section("host", List.of("a")).text("host"))
                .hasMessageContaining("etcd3.host must be text");
        assertThatThrownBy(() -> section("srv", "maybe").flag("srv", true))
                .hasMessageContaining("etcd3.srv must be a boolean");
        assertThatThrownBy(() -> section("hosts", Map.of("a", 1)).list("hosts"))
                .hasMessageContaining("etcd3.hosts must be a list");
    }

    @Test
    void itNeverPrintsItsValues() {
        assertThat(section("password", "zebra").toString()).doesNotContain("zebra");
    }

    @Test
    void aListOfMappings() {
        List<Map<String, Object>> ports = List.of(Map.of("name", "postgresql", "port", 5432));
        assertThat(section("ports", ports).mappings("ports")).isEqualTo(ports);
        assertThat(section("ports", List.of(Map.of())).mappings("ports")).containsExactly(Map.of());
        assertThat(section("port", 1).mappings("ports")).isEmpty();
        assertThatThrownBy(() -> section("ports", List.of(5432)).mappings("ports"))
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining("etcd3.ports must be a list of mappings");
    }
}
