package io.matriarch.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private static Entry entry(EntryKind kind, String text) {
        return new Entry(kind, text, new Version("1"), Optional.empty());
    }

    @Test
    void anEmptyLeaderRecordIsNobody() {
        Snapshot taken =
                new Snapshot(
                        Map.of(EntryKind.LEADER, entry(EntryKind.LEADER, "a")), new TreeMap<>(), 0);
        Snapshot free =
                new Snapshot(
                        Map.of(EntryKind.LEADER, entry(EntryKind.LEADER, "")), new TreeMap<>(), 0);
        assertThat(taken.leader()).contains("a");
        assertThat(free.leader()).isEmpty();
        assertThat(Snapshot.empty(0).leader()).isEmpty();
    }

    @Test
    void laterChangesOfItsSourceDoNotShow() {
        Map<EntryKind, Entry> entries = new HashMap<>();
        TreeMap<String, Entry> members = new TreeMap<>();
        Snapshot snapshot = new Snapshot(entries, members, 0);
        entries.put(EntryKind.CONFIG, entry(EntryKind.CONFIG, "{}"));
        members.put("a", entry(EntryKind.MEMBER, "{}"));
        assertThat(snapshot).isEqualTo(Snapshot.empty(0));
    }

    @Test
    void membersAreNoEntriesOfTheirOwn() {
        assertThatThrownBy(
                        () ->
                                new Snapshot(
                                        Map.of(EntryKind.MEMBER, entry(EntryKind.MEMBER, "{}")),
                                        new TreeMap<>(),
                                        0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
