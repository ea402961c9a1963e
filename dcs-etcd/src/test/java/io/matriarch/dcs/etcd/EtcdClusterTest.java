package io.matriarch.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Snapshot;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three servers: one of them in trouble costs no lease, and all of them gone costs no more time.
 */
@Tag("real")
class EtcdClusterTest {
    private static final Duration LATE = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(EtcdClusterTest.class);

    private EtcdCluster etcd;
    private final BlockingQueue<Set<EntryKind>> hints = new LinkedBlockingQueue<>();
    private Dcs a;

    @BeforeEach
    void start() {
        etcd = EtcdCluster.start(3);
        etcd.awaitQuorum();
        a = Opened.member(etcd.hosts(), "a", hints::add);
        a.acquire(a.read(Opening.SCOPE, Opening.within(5)), Opening.within(5))
                .applied()
                .orElseThrow();
    }

    @AfterEach
    void stop() {
        if (etcd != null) {
            a.close();
            etcd.close();
        }
    }

    private Lease renewed() {
        Snapshot seen = a.read(Opening.SCOPE, Opening.within(4));
        return a.renew(seen, LeaderUpdate.NONE, Opening.within(4)).applied().orElseThrow();
    }

    /** One call may have to find another server; the calls after it remember which. */
    private void threeRenewalsOneOfThemSlow() {
        renewed();
        long start = System.nanoTime();
        renewed();
        renewed();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void eachServerMayBeKilledAndComeBack() {
        Lease first = renewed();
        for (int member = 0; member < 3; member++) {
            etcd.kill(member);
            threeRenewalsOneOfThemSlow();
            etcd.restart(member);
            etcd.awaitQuorum();
        }
        assertThat(renewed().epoch()).isEqualTo(first.epoch());
    }

    @Test
    void eachServerMayFreezeAndThaw() {
        Lease first = renewed();
        for (int member = 0; member < 3; member++) {
            etcd.freeze(member);
            threeRenewalsOneOfThemSlow();
            etcd.thaw(member);
            etcd.awaitQuorum();
        }
        assertThat(renewed().epoch()).isEqualTo(first.epoch());
    }

    /** A server that is silent from the start costs a moment, not its share of the call's time. */
    @Test
    void aFreshClientFindsALivingServerAtOnce() {
        for (int member = 0; member < 3; member++) {
            etcd.freeze(member);
            etcd.awaitQuorum();
            for (int n = 0; n < 3; n++) {
                try (Dcs fresh = Opened.member(etcd.hosts(), "b", hint -> {})) {
                    long start = System.nanoTime();
                    fresh.read(Opening.SCOPE, Opening.within(6));
                    assertThat(Duration.ofNanos(System.nanoTime() - start))
                            .isLessThan(Duration.ofMillis(1500));
                }
            }
            etcd.thaw(member);
            etcd.awaitQuorum();
        }
    }

    /**
     * A standby between two of its loops makes no call: its watch alone can tell it. The member of
     * this test makes none either, at the times of a default configuration.
     */
    @Test
    void aChangeIsToldSoonAlthoughTheWatchedServerFroze() throws InterruptedException {
        BlockingQueue<Set<EntryKind>> told = new LinkedBlockingQueue<>();
        DcsSettings usual =
                new DcsSettings(
                        Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10));
        Map<String, Object> section = Map.of("hosts", etcd.hosts());
        try (Dcs standby = Opened.open("etcd3", section, Optional.of("b"), usual, told::add)) {
            standby.read(Opening.SCOPE, Opening.within(5));
            for (int member = 0; member < 3; member++) {
                settle(told);
                etcd.freeze(member);
                etcd.awaitQuorum();
                long before = System.nanoTime();
                etcd.put(Opening.SCOPE.path() + "/config", "{\"n\":" + member + "}");
                Set<EntryKind> hint = told.poll(20, TimeUnit.SECONDS);
                Duration late = Duration.ofNanos(System.nanoTime() - before);
                LOG.info("server {} froze, told of {} after {} ms", member, hint, late.toMillis());
                assertThat(late).isLessThan(Duration.ofSeconds(4));
                etcd.thaw(member);
                etcd.awaitQuorum();
            }
        }
    }

    /** Waits until nothing has been told for longer than a probe of the watch takes. */
    private static void settle(BlockingQueue<Set<EntryKind>> told) throws InterruptedException {
        while (told.poll(3, TimeUnit.SECONDS) != null) {
            told.clear();
        }
    }

    private boolean toldOfAChange() throws InterruptedException {
        hints.clear();
        etcd.put(Opening.SCOPE.path() + "/config", "{\"n\":" + System.nanoTime() + "}");
        Set<EntryKind> hint;
        do {
            // The leader's record may end meanwhile, and be told first.
            hint = hints.poll(1, TimeUnit.SECONDS);
        } while (hint != null && !hint.contains(EntryKind.CONFIG));
        return hint != null;
    }

    @Test
    void theWatchMovesAwayFromAFrozenServer() throws InterruptedException {
        assertThat(hints.poll(5, TimeUnit.SECONDS)).isNotNull();
        for (int member = 0; member < 3; member++) {
            etcd.freeze(member);
            // Else the change itself may wait for a leader that is frozen, for seconds.
            etcd.awaitQuorum();
            renewed();
            // The watch notices after about one loop_wait, and moves.
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
            while (!toldOfAChange()) {
                assertThat(System.nanoTime() - end).as("the watch moves").isNegative();
            }
            etcd.thaw(member);
            etcd.awaitQuorum();
        }
    }

    @Test
    void aDeadStoreCostsTheDeadlineAndARestoredOneIsReachedQuickly() {
        for (int member = 0; member < 3; member++) {
            etcd.kill(member);
        }
        Deadline deadline = Opening.within(1.5);
        assertThatThrownBy(() -> a.renew(Snapshot.empty(0), LeaderUpdate.NONE, deadline))
                .isInstanceOf(DcsException.NotApplied.class);
        assertThat(-deadline.remainingNanos()).isLessThan(LATE.toNanos());
        for (int member = 0; member < 3; member++) {
            etcd.restart(member);
        }
        etcd.awaitQuorum();
        long start = System.nanoTime();
        a.read(Opening.SCOPE, Opening.within(4));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void aFrozenStoreNeverHoldsACallBeyondItsDeadline() {
        for (int member = 0; member < 3; member++) {
            etcd.freeze(member);
        }
        for (double seconds : new double[] {0.2, 1, 2.5}) {
            Deadline deadline = Opening.within(seconds);
            assertThatThrownBy(() -> a.renew(Snapshot.empty(0), LeaderUpdate.NONE, deadline))
                    .isInstanceOf(DcsException.class)
                    .isNotInstanceOf(DcsException.Misconfigured.class);
            assertThat(-deadline.remainingNanos()).isBetween(-1_000_000L, LATE.toNanos());
        }
        for (int member = 0; member < 3; member++) {
            etcd.thaw(member);
        }
        etcd.awaitQuorum();
        assertThat(renewed().member()).isEqualTo("a");
    }
}
