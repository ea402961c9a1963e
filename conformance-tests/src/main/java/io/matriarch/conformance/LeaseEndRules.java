package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Lease;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** L: when a lease ends. These tests let leases run out, and cost about a ttl each. */
interface LeaseEndRules extends Rules {
    @Test
    default void L2_nobodyElseAcquiresBeforeValidUntil() {
        Client holder = bench().member("a");
        Client rival = bench().member("b");
        Lease lease = holder.take();
        assertThat(lease.validUntil() - System.nanoTime()).as("validity left").isPositive();
        long taken = Leases.takenBy(rival, Leases.bound(holder, bench()));
        assertThat(Duration.ofNanos(taken - lease.validUntil()))
                .as("from validUntil to the rival's lease")
                .isGreaterThanOrEqualTo(Duration.ZERO);
    }

    @Test
    default void L2_nobodyElseAcquiresBeforeValidUntilOfARenewal() {
        Client holder = bench().member("a");
        Client rival = bench().member("b");
        holder.take();
        RealTime.pass(ttl(holder).dividedBy(3));
        Lease renewed = holder.prolong();
        long taken = Leases.takenBy(rival, Leases.bound(holder, bench()));
        assertThat(Duration.ofNanos(taken - renewed.validUntil()))
                .as("from validUntil to the rival's lease")
                .isGreaterThanOrEqualTo(Duration.ZERO);
    }

    /** Fails for a validity that is counted from the reply. */
    @Test
    default void L2_aSlowReplyDoesNotLengthenTheValidity() {
        Link link = bench().link();
        Client holder = bench().member("a", link);
        holder.take();
        Duration delay = ttl(holder).dividedBy(4);
        link.delayReplies(delay);
        Lease renewed = holder.dcsRenew(bench().soon());
        // Whatever was repeated inside: the request that was answered last was sent at least the
        // delay of its reply ago.
        long sentBefore = System.nanoTime() - delay.toNanos();
        assertThat(Duration.ofNanos(renewed.validUntil() - sentBefore))
                .as("validity counted from before the request was sent")
                .isLessThan(ttl(holder).plus(delay.dividedBy(2)));
    }

    @Test
    default void L4_aRenewalPostponesTheEndByAFullTtl() {
        Client holder = bench().member("a");
        Client rival = bench().member("b");
        Lease first = holder.take();
        RealTime.pass(ttl(holder).dividedBy(2));
        long sentAfter = System.nanoTime();
        Lease renewed = holder.prolong();
        assertThat(renewed.validUntil() - first.validUntil()).as("postponed").isPositive();
        Leases.assertHeldUntil(sentAfter + ttl(holder).toNanos(), rival);
    }

    @Test
    default void L4_aRenewedLeaseOutlivesItsTtl() {
        Client holder = bench().member("a");
        Client rival = bench().member("b");
        Lease lease = holder.take();
        long end = System.nanoTime() + Leases.bound(holder, bench()).toNanos();
        while (System.nanoTime() - end < 0) {
            RealTime.pass(ttl(holder).dividedBy(4));
            Lease renewed = holder.prolong();
            assertThat(renewed.validUntil() - lease.validUntil()).as("postponed").isPositive();
            lease = renewed;
            assertThat(rival.acquire().isApplied()).as("taken by the rival").isFalse();
        }
    }

    @Test
    default void L6_renewAfterTheEndIsAppliedIfNobodyTookIt() {
        Client holder = bench().member("a");
        holder.take();
        awaitFree(bench().reader(), Leases.bound(holder, bench()));
        holder.prolong();
        assertThat(holder.leader()).contains("a");
    }

    @Test
    default void L5_renewAfterAnotherTookItIsRefused() {
        Client holder = bench().member("a");
        Client next = bench().member("b");
        holder.take();
        Leases.takenBy(next, Leases.bound(holder, bench()));
        assertThat(holder.renew().isApplied()).as("revived by the old holder").isFalse();
        assertThat(next.leader()).contains("b");
        next.prolong();
    }

    /** A process restarts under its name while a third member waits for the lease. */
    @Test
    default void L8_aNewProcessOfTheSameNameTakesOverWithoutAGap() {
        Client old = bench().member("a");
        Client rival = bench().member("b");
        old.take();
        Client successor = bench().member("a");
        RealTime.meanwhile(
                () -> assertThat(rival.acquire().isApplied()).as("gap").isFalse(),
                () -> {
                    successor.prolong();
                    old.close();
                    long end = System.nanoTime() + Leases.bound(successor, bench()).toNanos();
                    while (System.nanoTime() - end < 0) {
                        RealTime.pass(ttl(successor).dividedBy(4));
                        successor.prolong();
                    }
                });
        assertThat(successor.leader()).contains("a");
    }

    @Test
    default void L9_theEpochGrowsWhenALeaseRanOut() {
        Client holder = bench().member("a");
        Client next = bench().member("b");
        Lease first = holder.take();
        awaitFree(next, Leases.bound(holder, bench()));
        assertThat(next.take().epoch()).isGreaterThan(first.epoch());
    }

    @Test
    default void L13_anAbandonedLeaseEndsWithinItsBound() {
        Client holder = bench().member("a");
        Client reader = bench().reader();
        Lease lease = holder.take();
        long sentBefore = System.nanoTime();
        while (System.nanoTime() - lease.validUntil() < 0) {
            boolean present = reader.leader().isPresent();
            boolean early = System.nanoTime() - lease.validUntil() < 0;
            assertThat(present || !early).as("the record is there before validUntil").isTrue();
            RealTime.pass(Duration.ofMillis(10));
        }
        long left = sentBefore + Leases.bound(holder, bench()).toNanos() - System.nanoTime();
        awaitFree(reader, Duration.ofNanos(left));
    }

    private static void awaitFree(Client reader, Duration patience) {
        boolean free = RealTime.await(patience, () -> reader.read(EntryKind.LEADER).isEmpty());
        assertThat(free).as("the leader record is gone after %s", patience).isTrue();
    }

    private static Duration ttl(Client client) {
        return client.dcs().traits().effectiveTtl();
    }
}
