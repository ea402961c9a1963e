package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Value;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * L: taking, keeping and giving up the lease. What is about its end is in {@link LeaseEndRules}.
 */
interface LeaseRules extends Rules {
    /** Rounds of those tests that look for a race. */
    int ROUNDS = 5;

    @Test
    default void L1_ofConcurrentAcquiresExactlyOneIsApplied() {
        List<Client> members =
                Stream.of("a", "b", "c", "d").map(name -> bench().member(name)).toList();
        for (int round = 0; round < ROUNDS; round++) {
            members.forEach(Client::read);
            List<Callable<Ending>> races =
                    members.stream()
                            .<Callable<Ending>>map(
                                    member -> () -> Call.acquire(member).by(bench().soon()))
                            .toList();
            List<Ending> endings = RealTime.together(races);
            assertThat(endings).filteredOn(Ending::applied).hasSize(1);
            assertThat(endings).filteredOn(Ending::refused).hasSize(members.size() - 1);
            Lease won = Leases.of(endings.stream().filter(Ending::applied).findAny().orElseThrow());
            assertThat(members.get(0).leader()).contains(won.member());
            members.stream()
                    .filter(member -> member.name().equals(won.member()))
                    .forEach(member -> member.release(won));
        }
    }

    @Test
    default void L1_aHeldLeaseIsRefusedToOthers() {
        Client holder = bench().member("a");
        Client other = bench().member("b");
        holder.take();
        Outcome<Lease> outcome = other.acquire();
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(((Outcome.Refused<Lease>) outcome).reason())
                .isEqualTo(Outcome.Refusal.HELD_BY_OTHER);
        assertThat(other.leader()).contains("a");
    }

    @Test
    default void L3_acquireByTheHolderIsAppliedOrLeavesTheHolder() {
        Client holder = bench().member("a");
        holder.take();
        assertThat(Call.acquire(holder).by(bench().soon()))
                .matches(ending -> ending.applied() || ending.refused(), "applied or refused");
        assertThat(holder.leader()).contains("a");
    }

    @Test
    default void L5_renewByAnotherIsRefusedAndChangesNothing() {
        Client holder = bench().member("a");
        Client other = bench().member("b");
        holder.take();
        Entry before = holder.read(EntryKind.LEADER).orElseThrow();
        LeaderUpdate update =
                new LeaderUpdate(
                        Optional.of(Value.of("{\"optime\":1}")), Optional.of(Value.of("{}")));
        assertThat(other.renew(update)).isInstanceOf(Outcome.Refused.class);
        assertThat(holder.read(EntryKind.LEADER)).contains(before);
        assertThat(holder.read(EntryKind.STATUS)).isEmpty();
        assertThat(holder.read(EntryKind.FAILSAFE)).isEmpty();
    }

    @Test
    default void L7_aFailedStatusWriteDoesNotSpoilARenewal() {
        Client holder = bench().member("a");
        holder.take();
        LeaderUpdate update = new LeaderUpdate(Optional.of(bench().unwritable()), Optional.empty());
        assertThat(holder.renew(update)).isInstanceOf(Outcome.Applied.class);
        assertThat(holder.leader()).contains("a");
    }

    @Test
    default void L9_theEpochGrowsWithEachHolder() {
        Client a = bench().member("a");
        Client b = bench().member("b");
        Lease first = a.take();
        Lease renewed = a.prolong();
        assertThat(renewed.epoch()).isGreaterThanOrEqualTo(first.epoch());
        a.release(renewed);
        Lease second = b.take();
        assertThat(second.epoch()).isGreaterThan(renewed.epoch());
        b.release(second);
        Lease third = a.take();
        assertThat(third.epoch()).isGreaterThan(second.epoch());
    }

    /** Fails for epochs that are counted in an entry of the scope. */
    @Test
    default void L9_theEpochIsNotReusedAfterAPurge() {
        Client a = bench().member("a");
        Client b = bench().member("b");
        Lease first = a.take();
        a.dcs().purge(bench().soon());
        Lease second = b.take();
        assertThat(second.epoch()).isGreaterThan(first.epoch());
    }

    @Test
    default void L10_aReleasedLeaseIsAcquirableAtOnce() {
        Client a = bench().member("a");
        Client b = bench().member("b");
        Lease lease = a.take();
        assertThat(a.release(lease)).isInstanceOf(Outcome.Applied.class);
        b.take();
    }

    /** Whoever sees the lease free sees the last status too. */
    @Test
    default void L10_theLastStatusIsWrittenBeforeTheRelease() {
        Client a = bench().member("a");
        Client reader = bench().reader();
        for (int round = 0; round < ROUNDS; round++) {
            Lease lease = a.take();
            String last = "{\"optime\":" + round + "}";
            RealTime.meanwhile(
                    () -> assertStatusWithoutLeader(reader, last),
                    () -> {
                        a.dcs().release(lease, Optional.of(Value.of(last)), bench().soon());
                        assertStatusWithoutLeader(a, last);
                        assertThat(a.seen().leader()).isEmpty();
                    });
        }
    }

    private static void assertStatusWithoutLeader(Client client, String status) {
        if (client.read().leader().isEmpty()) {
            assertThat(client.seen().entry(EntryKind.STATUS).map(Entry::text)).contains(status);
        }
    }

    @Test
    default void L11_aRepeatedReleaseLeavesTheNextHolder() {
        Client a = bench().member("a");
        Client b = bench().member("b");
        Lease lease = a.take();
        a.release(lease);
        b.take();
        assertThat(a.release(lease).isApplied()).as("reported as released").isFalse();
        assertThat(b.leader()).contains("b");
    }

    @Test
    default void L11_releaseByAnotherLeavesTheHolder() {
        Client a = bench().member("a");
        Client b = bench().member("b");
        Lease held = a.take();
        Lease claimed = new Lease("b", held.epoch(), held.validUntil(), held.version());
        b.release(claimed);
        b.release(held);
        assertThat(a.leader()).contains("a");
        a.prolong();
    }

    @Test
    default void L12_theLeaderRecordIsTheMemberName() {
        for (String name : List.of("a", "Pg_1.dc-2", "10")) {
            Client member = bench().member(name);
            Lease lease = member.take();
            assertThat(member.read(EntryKind.LEADER).map(Entry::text)).contains(name);
            assertThat(lease.member()).isEqualTo(name);
            member.release(lease);
        }
    }
}
