package io.matriarch.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Value;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** From values to annotations and back. */
class LayoutTest {
    private final Map<String, String> annotations = new TreeMap<>();

    private void write(Layout layout, Value value, String mark) {
        layout.changes(Optional.of(value), mark).forEach(this::change);
    }

    private void change(String name, Optional<String> text) {
        text.ifPresentOrElse(t -> annotations.put(name, t), () -> annotations.remove(name));
    }

    @Test
    void valuesWithoutFieldsSurviveInKindsThatHaveFields() {
        for (String text : new String[] {"", "x", "{}", "{\"half\": ", "null"}) {
            write(Layout.SYNC, Value.of(text), "1");
            assertThat(Layout.SYNC.text(annotations)).contains(text);
        }
        // The peer then writes fields, and knows nothing of the text beside them.
        annotations.put("leader", "pg-0");
        assertThat(Layout.SYNC.text(annotations))
                .contains("{\"leader\":\"pg-0\",\"quorum\":0,\"sync_standby\":null}");
    }

    @Test
    void aDeletionLeavesNothing() {
        write(Layout.FAILOVER, new Value("{\"member\":\"b\"}", Map.of("member", "b")), "1");
        assertThat(Layout.FAILOVER.text(annotations)).contains("{\"member\":\"b\"}");
        Layout.FAILOVER.changes(Optional.empty(), "2").forEach(this::change);
        assertThat(annotations).isEmpty();
        assertThat(Layout.FAILOVER.text(annotations)).isEmpty();
    }

    @Test
    void theSameTextAgainIsAnotherVersion() {
        write(Layout.CONFIG, Value.of("{}"), "1");
        var first = Layout.CONFIG.version(annotations);
        write(Layout.HISTORY, Value.of("[]"), "2");
        assertThat(Layout.CONFIG.version(annotations)).isEqualTo(first).isPresent();
        write(Layout.CONFIG, Value.of("{}"), "3");
        assertThat(Layout.CONFIG.version(annotations)).isPresent().isNotEqualTo(first);
        assertThat(Layout.CONFIG.carries(annotations, "3")).isTrue();
        assertThat(Layout.CONFIG.carries(annotations, "1")).isFalse();
    }

    @Test
    void damagedFieldsOfAStatusAreKeptAsText() {
        annotations.put("optime", "12x");
        annotations.put("slots", "{broken");
        assertThat(Layout.STATUS.text(annotations))
                .contains("{\"optime\":\"12x\",\"slots\":\"{broken\"}");
    }

    @Test
    void theLeaderIsNoEntry() {
        assertThatThrownBy(() -> Layout.of(EntryKind.LEADER))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
