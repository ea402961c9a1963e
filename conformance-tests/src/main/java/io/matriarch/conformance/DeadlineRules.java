package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Version;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** D: a call ends by its deadline, and what it sent does no harm afterwards. */
interface DeadlineRules extends Rules {
    /** How late a call may end: the bound of rule D1. */
    Duration GRACE = Duration.ofMillis(250);

    @Test
    default void D1_callsEndByTheirDeadlineWhileTheStoreIsStopped() {
        Client client = bench().member("a");
        Lease lease = client.take();
        bench().stop();
        allEndInTime(client, lease);
        allEndInTime(bench().member("b"), lease);
    }

    @Test
    default void D1_callsEndByTheirDeadlineWhileTheStoreIsFrozen() {
        Client client = bench().member("a");
        Lease lease = client.take();
        bench().freeze();
        allEndInTime(client, lease);
        allEndInTime(bench().member("b"), lease);
    }

    @Test
    default void D1_callsEndByTheirDeadlineInABlackHole() {
        Link link = bench().link();
        Client client = bench().member("a", link);
        Lease lease = client.take();
        link.blackHole();
        allEndInTime(client, lease);
        allEndInTime(bench().member("b", link), lease);
    }

    @Test
    default void D1_callsEndByTheirDeadlineWhenRepliesAreLost() {
        Link link = bench().link();
        Client client = bench().member("a", link);
        Lease lease = client.take();
        link.dropReplies();
        allEndInTime(client, lease);
    }

    @Test
    default void D1_callsEndByTheirDeadlineWhenRepliesTrickle() {
        Link link = bench().link();
        Client client = bench().member("a", link);
        Lease lease = client.take();
        link.trickleReplies();
        allEndInTime(client, lease);
    }

    private void allEndInTime(Client client, Lease lease) {
        for (Call call : Call.all(client, lease)) {
            Ending ending = call.by(bench().shortly());
            assertThat(Duration.ofNanos(ending.lateNanos()))
                    .as("%s ended this much after its deadline: %s", call.name(), ending)
                    .isLessThanOrEqualTo(GRACE);
        }
    }

    /** A write that was given up may land late; a newer one must survive that. */
    @Test
    default void D2_aLateWriteDoesNotUndoANewerOne() {
        Link link = bench().link();
        Client direct = bench().reader();
        Version before = direct.put(EntryKind.CONFIG, "0");
        Client client = bench().member("a", link);
        client.read();
        link.blackHole();
        Call.write(client, EntryKind.CONFIG, "late", Guard.version(before)).by(bench().shortly());
        direct.put(EntryKind.CONFIG, "newer");
        link.heal();
        RealTime.pass(bench().timing().shortTimeout());
        assertThat(direct.read(EntryKind.CONFIG).orElseThrow().text()).isEqualTo("newer");
    }

    /** A late acquire is bound to its session, so it ends with it. */
    @Test
    default void D2_aLateAcquireOfADeadProcessEndsWithItsSession() {
        Link link = bench().link();
        Client client = bench().member("a", link);
        client.read();
        client.touch("{}");
        link.blackHole();
        Call.acquire(client).by(bench().shortly());
        link.heal();
        client.close();
        Client next = bench().member("b");
        boolean free =
                RealTime.await(Leases.bound(next, bench()), () -> next.acquire().isApplied());
        assertThat(free).as("the lease is free within the expiry bound").isTrue();
    }

    /** A release that lands late must not end a lease that was proven again since. */
    @Test
    default void D2_aLateReleaseDoesNotEndALeaseThatWasProvenSince() {
        Link link = bench().link();
        Client client = bench().member("a", link);
        Lease lease = client.take();
        link.blackHole();
        Call.release(client, lease).by(bench().shortly());
        link.heal();
        Ending renewal = Call.renew(client).by(bench().soon());
        if (renewal.applied()) {
            Client other = bench().member("b");
            Leases.assertHeldUntil(Leases.of(renewal).validUntil(), other);
        }
    }

    @Test
    default void D3_aPassedDeadlineSendsNothing() {
        Client client = bench().member("a");
        Client reader = bench().reader();
        client.read();
        Deadline passed = new Deadline(Ticker.system(), System.nanoTime() - 1);
        Lease never = new Lease("a", 1, System.nanoTime(), new Version("never"));
        for (Call call : Call.all(client, never)) {
            assertThat(call.by(passed)).matches(Ending::notApplied, "NotApplied");
        }
        assertThat(reader.read().entries()).isEmpty();
        assertThat(reader.read().members()).isEmpty();
    }

    @Test
    default void D4_callsSucceedAgainAfterARestartOfTheStore() {
        Client client = bench().member("a");
        Lease lease = client.take();
        bench().stop();
        allFail(client, lease);
        bench().undo();
        assertSucceedsAgain(client);
    }

    @Test
    default void D4_callsSucceedAgainAfterABlackHole() {
        Link link = bench().link();
        Client client = bench().member("a", link);
        Lease lease = client.take();
        link.blackHole();
        allFail(client, lease);
        link.heal();
        assertSucceedsAgain(client);
    }

    /** How late and in what way they do is what D1 and O2 are about. */
    private void allFail(Client client, Lease lease) {
        Call.all(client, lease).forEach(call -> call.by(bench().shortly()));
    }

    private void assertSucceedsAgain(Client client) {
        Duration bound = bench().timing().timeout().multipliedBy(2);
        boolean again =
                RealTime.await(
                        bound, () -> succeeds(Call.read(client)) && succeeds(Call.renew(client)));
        assertThat(again).as("succeeds within %s of recovery", bound).isTrue();
    }

    private boolean succeeds(Call call) {
        return call.by(bench().shortly()).answer().isPresent();
    }
}
