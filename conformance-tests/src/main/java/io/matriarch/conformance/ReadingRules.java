package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.StoreControl.Ability;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R: what a snapshot shows. */
interface ReadingRules extends Rules {
    /** Writes made while another instance reads. */
    int WRITES = 40;

    /** Time between them, in which a store that answers in microseconds is read as well. */
    Duration BETWEEN = Duration.ofMillis(2);

    /** Two entries are written in turn; a snapshot of one moment shows them at most one apart. */
    @Test
    default void R1_aSnapshotShowsOneMoment() {
        Client writer = bench().reader();
        Client reader = bench().reader();
        writer.put(EntryKind.CONFIG, "0");
        writer.put(EntryKind.HISTORY, "0");
        RealTime.meanwhile(
                () -> assertOneMoment(reader.read()),
                () -> {
                    for (int n = 1; n <= WRITES; n++) {
                        writer.put(EntryKind.CONFIG, Integer.toString(n));
                        writer.put(EntryKind.HISTORY, Integer.toString(n));
                        RealTime.pass(BETWEEN);
                    }
                });
    }

    private static void assertOneMoment(Snapshot snapshot) {
        int first = number(snapshot, EntryKind.CONFIG);
        int second = number(snapshot, EntryKind.HISTORY);
        assertThat(first - second).as("written first, less written second").isBetween(0, 1);
    }

    private static int number(Snapshot snapshot, EntryKind kind) {
        return Integer.parseInt(snapshot.entry(kind).map(Entry::text).orElse("-1"));
    }

    @Test
    default void R2_anAppliedWriteIsInTheNextSnapshot() {
        Client client = bench().member("a");
        for (int n = 0; n < WRITES; n++) {
            Version version = client.put(EntryKind.CONFIG, Integer.toString(n));
            Entry entry = client.read(EntryKind.CONFIG).orElseThrow();
            assertThat(entry.text()).isEqualTo(Integer.toString(n));
            assertThat(entry.version()).isEqualTo(version);
        }
        client.touch("{}");
        assertThat(client.read().members()).containsKey("a");
        client.take();
        assertThat(client.leader()).contains("a");
        client.delete(EntryKind.CONFIG, Guard.any());
        assertThat(client.read(EntryKind.CONFIG)).isEmpty();
    }

    @Test
    default void R3_snapshotsDoNotGoBack() {
        Client writer = bench().reader();
        Client reader = bench().reader();
        readWhileWriting(writer, reader, 0, WRITES);
    }

    @Test
    default void R3_snapshotsDoNotGoBackAcrossAReconnect() {
        Link link = bench().link();
        Client writer = bench().reader();
        Client reader = bench().reader(link.section());
        int last = readWhileWriting(writer, reader, 0, WRITES);
        link.cut();
        Call.read(reader).by(bench().shortly());
        link.heal();
        readWhileWriting(writer, reader, last, WRITES);
    }

    private int readWhileWriting(Client writer, Client reader, int from, int count) {
        writer.put(EntryKind.CONFIG, Integer.toString(from));
        int[] last = {from};
        RealTime.meanwhile(
                () -> {
                    Ending ending = Call.read(reader).by(bench().soon());
                    // A reconnect may cost a read; what is read is what matters here.
                    ending.answer()
                            .map(Snapshot.class::cast)
                            .ifPresent(snapshot -> last[0] = assertNotBefore(snapshot, last[0]));
                },
                () -> {
                    for (int n = from + 1; n <= from + count; n++) {
                        writer.put(EntryKind.CONFIG, Integer.toString(n));
                        RealTime.pass(BETWEEN);
                    }
                });
        return from + count;
    }

    private static int assertNotBefore(Snapshot snapshot, int last) {
        int shown = number(snapshot, EntryKind.CONFIG);
        assertThat(shown).isGreaterThanOrEqualTo(last);
        return shown;
    }

    @Test
    default void R4_aMissingScopeIsEmpty() {
        Client client = bench().reader();
        assertThat(client.read().entries()).isEmpty();
        assertThat(client.seen().members()).isEmpty();
        Snapshot other = client.dcs().read(bench().scope("missing"), bench().soon());
        assertThat(other.entries()).isEmpty();
        assertThat(other.members()).isEmpty();
    }

    @Test
    default void R4_scopesWithACommonPrefixAreApart() {
        List<String> names = List.of("bat", "batman", "batman2", "batman-2");
        for (String name : names) {
            Client client = bench().member("of-" + name, bench().scope(name));
            client.touch("{}");
            client.take();
            client.put(EntryKind.CONFIG, name);
        }
        Client reader = bench().reader();
        for (String name : names) {
            Snapshot snapshot = reader.dcs().read(bench().scope(name), bench().soon());
            assertThat(snapshot.members()).containsOnlyKeys("of-" + name);
            assertThat(snapshot.leader()).contains("of-" + name);
            assertThat(snapshot.entry(EntryKind.CONFIG).map(Entry::text)).contains(name);
        }
        bench().member("purger", bench().scope("batman")).dcs().purge(bench().soon());
        for (String name : names) {
            Snapshot snapshot = reader.dcs().read(bench().scope(name), bench().soon());
            assertThat(snapshot.entries().isEmpty()).isEqualTo(name.equals("batman"));
        }
    }

    /** The texts belong to the engine; a plug-in parses none of them. */
    @Test
    default void R5_malformedValuesDoNotMakeAReadFail() {
        Client client = bench().member("a");
        client.touch("{not json");
        for (EntryKind kind : EntryKind.values()) {
            if (kind != EntryKind.LEADER && kind != EntryKind.MEMBER) {
                client.put(kind, "{\"half\": ");
            }
        }
        assertThat(client.read().entry(EntryKind.SYNC).map(Entry::text)).contains("{\"half\": ");
        assertThat(client.seen().members().get("a").text()).isEqualTo("{not json");
    }

    @Test
    default void R5_unknownKeysDoNotMakeAReadFail() {
        StoreControl control = bench().require(Ability.PLANT);
        Client client = bench().member("a");
        client.touch("{}");
        control.plant(bench().scope(), "optime/leader", "42");
        control.plant(bench().scope(), "members/a/b", "x");
        control.plant(bench().scope(), "of-a-later-release", "\u0000");
        assertThat(client.read().members()).containsOnlyKeys("a");
        assertThat(client.seen().entries()).isEmpty();
    }
}
