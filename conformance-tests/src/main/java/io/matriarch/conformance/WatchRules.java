package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.StoreControl.Ability;
import io.matriarch.conformance.report.NotKept;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Lease;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** N: a listener is told that something changed. */
interface WatchRules extends Rules {
    /** How soon a hint comes on a healthy store: the bound of rules N1 and N2. */
    Duration PROMPT = Duration.ofSeconds(1);

    @Test
    default void N1_aChangeOfAWatchedEntryIsToldAtOnce() {
        Client listener = bench().member("b");
        Client writer = bench().member("a");
        listener.read();
        Lease lease = told(listener, "leader taken", writer::take);
        for (EntryKind kind :
                new EntryKind[] {EntryKind.CONFIG, EntryKind.FAILOVER, EntryKind.SYNC}) {
            told(listener, kind + " written", () -> writer.put(kind, "{}"));
            told(
                    listener,
                    kind + " deleted",
                    () -> writer.delete(kind, io.matriarch.spi.Guard.any()));
        }
        told(listener, "leader released", () -> writer.release(lease));
    }

    @Test
    default void N1_aChangeOfTheConfigIsToldToEveryInstance() {
        List<Client> listeners =
                Stream.of("a", "b", "c").map(name -> bench().member(name)).toList();
        Client writer = bench().reader();
        listeners.forEach(Client::read);
        listeners.forEach(WatchRules::settle);
        List<Long> before = listeners.stream().map(each -> each.hints().count()).toList();
        writer.put(EntryKind.CONFIG, "{}");
        for (int i = 0; i < listeners.size(); i++) {
            assertThat(listeners.get(i).hints().awaitBeyond(before.get(i), PROMPT))
                    .as("%s is told", listeners.get(i).name())
                    .isTrue();
        }
    }

    private static <T> T told(
            Client listener, String change, java.util.function.Supplier<T> action) {
        // Late hints of the change before would hide that this one is not told.
        settle(listener);
        long before = listener.hints().count();
        T result = action.get();
        assertThat(listener.hints().awaitBeyond(before, PROMPT)).as(change).isTrue();
        return result;
    }

    private static void settle(Client listener) {
        long seen = listener.hints().count();
        while (listener.hints().awaitBeyond(seen, Duration.ofMillis(50))) {
            seen = listener.hints().count();
        }
    }

    @Test
    default void N2_theEndOfALeaseIsTold() {
        Client listener = bench().member("b");
        Client reader = bench().reader();
        Client holder = bench().member("a");
        listener.read();
        told(listener, "leader taken", holder::take);
        settle(listener);
        long before = listener.hints().count();
        boolean gone =
                RealTime.await(Leases.bound(holder, bench()), () -> reader.leader().isEmpty());
        assertThat(gone).as("the lease ends").isTrue();
        assertThat(listener.hints().awaitBeyond(before, PROMPT)).as("told of the end").isTrue();
    }

    /**
     * The change is made as soon after the first snapshot as can be: the watch may not stand yet.
     */
    @Test
    default void N3_aChangeAfterASnapshotIsNotLost() {
        Client writer = bench().reader();
        for (int round = 0; round < 2 * LeaseRules.ROUNDS; round++) {
            Client listener = bench().member("b" + round);
            listener.read();
            long before = listener.hints().count();
            writer.put(EntryKind.CONFIG, Integer.toString(round));
            assertThat(listener.hints().awaitBeyond(before, PROMPT))
                    .as("told in round %d", round)
                    .isTrue();
            listener.close();
        }
    }

    @Test
    default void N4_whatWasMissedWhileCutOffIsMadeGood() {
        assertMissedIsMadeGood(Link::cut, () -> {});
    }

    @Test
    default void N4_whatWasMissedInABlackHoleIsMadeGood() {
        // Long enough for a client that gives up connections which keep silent.
        assertMissedIsMadeGood(Link::blackHole, () -> RealTime.pass(bench().timing().ttl()));
    }

    @Test
    default void N4_aWatchWhoseHistoryIsGoneIsMadeGood() {
        StoreControl control = bench().require(Ability.FORGET_HISTORY);
        assertMissedIsMadeGood(Link::cut, control::forgetHistory);
    }

    /** The connection breaks at several instants after a client began, while replies are slow. */
    @Test
    default void N4_aWatchThatBreaksAsItBeginsIsMadeGood() {
        Map<Client, Duration> listeners = new LinkedHashMap<>();
        for (int n = 1; n <= 8; n++) {
            Duration instant = Duration.ofMillis(50L * n);
            Link link = bench().link();
            link.delayReplies(Duration.ofMillis(100));
            listeners.put(bench().member("b" + n, link), instant);
            RealTime.pass(instant);
            link.reset();
            link.heal();
        }
        listeners.keySet().forEach(this::awaitAnswer);
        RealTime.pass(bench().timing().loopWait());
        listeners.keySet().forEach(WatchRules::settle);
        Map<Client, Long> before = new HashMap<>();
        listeners.keySet().forEach(each -> before.put(each, each.hints().count()));
        bench().reader().put(EntryKind.CONFIG, "1");
        listeners.forEach(
                (listener, instant) ->
                        assertThat(listener.hints().awaitBeyond(before.get(listener), PROMPT))
                                .as("told, though the connection broke after %s", instant)
                                .isTrue());
    }

    private void awaitAnswer(Client client) {
        boolean answered =
                RealTime.await(
                        bench().timing().timeout().multipliedBy(2),
                        () -> Call.read(client).by(bench().shortly()).answer().isPresent());
        assertThat(answered).as("the store answers again").isTrue();
    }

    private void assertMissedIsMadeGood(Consumer<Link> breaks, Runnable meanwhile) {
        Link link = bench().link();
        Client listener = bench().member("b", link);
        Client writer = bench().reader();
        listener.read();
        told(listener, "before", () -> writer.put(EntryKind.CONFIG, "0"));
        breaks.accept(link);
        settle(listener);
        writer.put(EntryKind.CONFIG, "1");
        meanwhile.run();
        assertRecovers(listener, writer, link::heal);
    }

    @Test
    default void N4_aRestartOfTheStoreIsMadeGood() {
        Client listener = bench().member("b");
        Client writer = bench().reader();
        listener.read();
        told(listener, "before", () -> writer.put(EntryKind.CONFIG, "0"));
        bench().stop();
        settle(listener);
        assertRecovers(listener, writer, bench()::undo);
    }

    /** One hint for what was missed, and hints for what comes, both within a loopWait. */
    private void assertRecovers(Client listener, Client writer, Runnable recovery) {
        Duration bound = bench().timing().loopWait();
        long before = listener.hints().count();
        recovery.run();
        assertThat(listener.hints().awaitBeyond(before, bound)).as("told to look again").isTrue();
        // A fresh connection of the writer is not what this rule is about.
        awaitAnswer(writer);
        told(listener, "after recovery", () -> writer.put(EntryKind.CONFIG, "2"));
    }

    /**
     * A middlebox forgets a connection: neither side is told, and nothing arrives. The member goes
     * on touching its record, as it does at least once in each loop.
     */
    @Test
    default void N6_aConnectionThatFellSilentIsNoticed() {
        Link link = bench().link();
        Client listener = bench().member("b", link);
        Client writer = bench().reader();
        listener.read();
        listener.touch("{}");
        told(listener, "before", () -> writer.put(EntryKind.CONFIG, "0"));
        settle(listener);
        link.halfOpen();
        long before = listener.hints().count();
        writer.put(EntryKind.CONFIG, "1");
        Duration bound = listener.dcs().traits().effectiveTtl().plus(bench().timing().loopWait());
        RealTime.meanwhile(
                () -> {
                    Call.touch(listener, "{}").by(bench().shortly());
                    RealTime.pass(bench().timing().loopWait().dividedBy(4));
                },
                () ->
                        assertThat(listener.hints().awaitBeyond(before, bound.plus(PROMPT)))
                                .as("told within %s", bound)
                                .isTrue());
    }

    @Test
    default void N5_ownRenewalsAreNotTold() {
        Client holder = bench().member("a");
        holder.take();
        settle(holder);
        long before = holder.hints().count();
        for (int n = 0; n < 3; n++) {
            holder.prolong();
        }
        settle(holder);
        if (holder.hints().count() != before) {
            throw new NotKept("the rule is a SHOULD: own renewals reach the own listener");
        }
    }
}
