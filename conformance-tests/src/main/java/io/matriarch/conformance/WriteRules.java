package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** V and W: versions, and writes that are guarded by them. */
interface WriteRules extends Rules {
    /** Writers of a race. */
    int WRITERS = 4;

    @Test
    default void V1_eachWriteChangesTheVersion() {
        Client client = bench().reader();
        Set<Version> versions = new HashSet<>();
        versions.add(client.put(EntryKind.SYNC, "same"));
        versions.add(client.put(EntryKind.SYNC, "same"));
        versions.add(client.put(EntryKind.SYNC, "other"));
        client.delete(EntryKind.SYNC, Guard.any());
        versions.add(client.put(EntryKind.SYNC, "same"));
        assertThat(versions).hasSize(4);
    }

    @Test
    default void V1_nothingElseChangesTheVersion() {
        Client client = bench().member("a");
        client.put(EntryKind.CONFIG, "{}");
        Entry before = client.read(EntryKind.CONFIG).orElseThrow();
        client.take();
        client.touch("{}");
        client.put(EntryKind.SYNC, "{}");
        client.put(EntryKind.FAILOVER, "{}");
        client.renew(new LeaderUpdate(Optional.of(Value.of("{}")), Optional.empty()));
        client.write(EntryKind.CONFIG, "refused", Guard.absent());
        assertThat(client.read(EntryKind.CONFIG)).contains(before);
    }

    @Test
    default void W1_ofConcurrentWritesOfOneVersionExactlyOneIsApplied() {
        List<Client> writers = writers();
        Client reader = writers.get(0);
        Version version = reader.put(EntryKind.SYNC, "start");
        for (int round = 0; round < LeaseRules.ROUNDS; round++) {
            String winner = raceOfOne(writers, Guard.version(version));
            Entry entry = reader.read(EntryKind.SYNC).orElseThrow();
            assertThat(entry.text()).isEqualTo(winner);
            version = entry.version();
        }
    }

    @Test
    default void W1_ofConcurrentCreationsExactlyOneIsApplied() {
        List<Client> writers = writers();
        for (int round = 0; round < LeaseRules.ROUNDS; round++) {
            String winner = raceOfOne(writers, Guard.absent());
            Entry entry = writers.get(0).read(EntryKind.SYNC).orElseThrow();
            assertThat(entry.text()).isEqualTo(winner);
            writers.get(0).delete(EntryKind.SYNC, Guard.any());
        }
    }

    private List<Client> writers() {
        List<Client> writers = IntStream.range(0, WRITERS).mapToObj(n -> bench().reader()).toList();
        // Connects each, so that they meet in the store and not in the setting up.
        writers.forEach(Client::read);
        return writers;
    }

    /** Lets all write at once under one guard, and gives the text of the only one applied. */
    private String raceOfOne(List<Client> writers, Guard guard) {
        List<Callable<Ending>> races =
                IntStream.range(0, writers.size())
                        .<Callable<Ending>>mapToObj(
                                n ->
                                        () ->
                                                Call.write(
                                                                writers.get(n),
                                                                EntryKind.SYNC,
                                                                "writer " + n,
                                                                guard)
                                                        .by(bench().soon()))
                        .toList();
        List<Ending> endings = RealTime.together(races);
        assertThat(endings).filteredOn(Ending::applied).hasSize(1);
        assertThat(endings).filteredOn(Ending::refused).hasSize(writers.size() - 1);
        return "writer "
                + IntStream.range(0, writers.size())
                        .filter(n -> endings.get(n).applied())
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    default void W1_aLateWriteDoesNotHitAnEntryThatWasMadeAnew() {
        madeAnewBeforeTheReply(
                (client, guard) -> Call.write(client, EntryKind.FAILOVER, "late", guard));
    }

    @Test
    default void W1_aLateDeletionDoesNotHitAnEntryThatWasMadeAnew() {
        madeAnewBeforeTheReply((client, guard) -> Call.delete(client, EntryKind.FAILOVER, guard));
    }

    /**
     * Fails for a plug-in that reads, compares, and has the store compare less than a version: a
     * count of writes, which is the same for the next entry, or the text.
     */
    private void madeAnewBeforeTheReply(BiFunction<Client, Guard, Call> change) {
        Link link = bench().link();
        Client direct = bench().reader();
        Version before = direct.put(EntryKind.FAILOVER, "same");
        Client client = bench().member("a", link);
        client.read();
        ExecutorService thread = RealTime.daemons(1);
        try {
            Duration delay = bench().timing().timeout().dividedBy(8);
            link.delayReplies(delay);
            Call call = change.apply(client, Guard.version(before));
            Future<Ending> ending = thread.submit(() -> call.by(bench().soon()));
            RealTime.pass(delay.dividedBy(2));
            direct.delete(EntryKind.FAILOVER, Guard.any());
            direct.put(EntryKind.FAILOVER, "same");
            RealTime.result(ending);
            link.heal();
            assertThat(direct.read(EntryKind.FAILOVER).map(Entry::text)).contains("same");
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    default void W2_anOutdatedWriteIsRefusedAndChangesNothing() {
        Client client = bench().reader();
        Client other = bench().reader();
        Version outdated = client.put(EntryKind.SYNC, "0");
        other.put(EntryKind.SYNC, "1");
        Entry before = client.read(EntryKind.SYNC).orElseThrow();
        assertThat(client.write(EntryKind.SYNC, "2", Guard.version(outdated)))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(client.read(EntryKind.SYNC)).contains(before);
    }

    @Test
    default void W2_aWriteOfAVersionThatWasDeletedIsRefused() {
        Client client = bench().reader();
        Version outdated = client.put(EntryKind.SYNC, "0");
        client.delete(EntryKind.SYNC, Guard.version(outdated));
        assertThat(client.write(EntryKind.SYNC, "1", Guard.version(outdated)))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(client.read(EntryKind.SYNC)).isEmpty();
    }

    @Test
    default void W3_aCreationIsRefusedIfTheEntryExists() {
        Client client = bench().reader();
        for (String text : List.of("x", "")) {
            client.put(EntryKind.INITIALIZE, text);
            Entry before = client.read(EntryKind.INITIALIZE).orElseThrow();
            assertThat(client.write(EntryKind.INITIALIZE, "y", Guard.absent()))
                    .isInstanceOf(Outcome.Refused.class);
            assertThat(client.read(EntryKind.INITIALIZE)).contains(before);
        }
    }

    @Test
    default void W3_aCreationIsAppliedIfTheEntryIsMissing() {
        Client client = bench().reader();
        Client.applied(client.write(EntryKind.INITIALIZE, "", Guard.absent()));
        assertThat(client.read(EntryKind.INITIALIZE).map(Entry::text)).contains("");
    }

    @Test
    default void W4_theReturnedVersionGuardsTheNextWrite() {
        Client client = bench().reader();
        Version version = Client.applied(client.write(EntryKind.CONFIG, "0", Guard.absent()));
        for (int n = 1; n <= LeaseRules.ROUNDS; n++) {
            version =
                    Client.applied(
                            client.write(
                                    EntryKind.CONFIG, Integer.toString(n), Guard.version(version)));
        }
        assertThat(client.delete(EntryKind.CONFIG, Guard.version(version)))
                .isInstanceOf(Outcome.Applied.class);
        assertThat(client.read(EntryKind.CONFIG)).isEmpty();
    }

    @Test
    default void W5_anOutdatedDeletionIsRefusedAndKeepsTheEntry() {
        Client client = bench().reader();
        Version outdated = client.put(EntryKind.FAILOVER, "0");
        client.put(EntryKind.FAILOVER, "1");
        Entry before = client.read(EntryKind.FAILOVER).orElseThrow();
        assertThat(client.delete(EntryKind.FAILOVER, Guard.version(outdated)))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(client.read(EntryKind.FAILOVER)).contains(before);
    }

    @Test
    default void W5_aSecondDeletionUnderOneVersionIsRefused() {
        Client client = bench().reader();
        Version gone = client.put(EntryKind.FAILOVER, "0");
        assertThat(client.delete(EntryKind.FAILOVER, Guard.version(gone)).isApplied()).isTrue();
        assertThat(client.delete(EntryKind.FAILOVER, Guard.version(gone)))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    default void W6_textsSurviveARoundTrip() {
        Client client = bench().reader();
        String mixed = "{\"ä\":\"\\u0000 \t\n\r ß 漢 😀 \u200b\"}";
        String large = "0123456789abcdé".repeat(64 * 1024 / 16);
        for (String text : List.of("", " ", "null", mixed, large)) {
            client.put(EntryKind.HISTORY, text);
            assertThat(client.read(EntryKind.HISTORY).map(Entry::text)).contains(text);
        }
    }
}
