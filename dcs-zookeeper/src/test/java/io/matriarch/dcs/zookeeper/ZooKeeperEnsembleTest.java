package io.matriarch.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Link;
import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Snapshot;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A leader on three servers of which one is lost, or cut off from the others. */
@Tag("real")
class ZooKeeperEnsembleTest {
    private static final Duration TTL = Duration.ofSeconds(6);
    private static final Duration SHORT_TTL = Duration.ofSeconds(3);
    private static final Duration LONG_TTL = Duration.ofSeconds(9);

    private static Lease acquired(Dcs dcs) {
        Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
        return dcs.acquire(seen, Opening.within(5)).applied().orElseThrow();
    }

    private static Outcome<Lease> renew(Dcs dcs, Deadline deadline) {
        return dcs.renew(Snapshot.empty(0), LeaderUpdate.NONE, deadline);
    }

    private static void pass(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    @Test
    void theLossOfAnyOneServerDemotesNobody() {
        try (Ensemble servers = Ensemble.start(3);
                Dcs leader =
                        Opened.member(Map.of("hosts", servers.hosts()), "a", TTL, hint -> {})) {
            Lease lease = acquired(leader);
            for (int server = 0; server < servers.size(); server++) {
                lease = loses(servers, leader, lease, server, servers::kill);
                servers.launchAgain(server);
                servers.awaitServing();
                lease = loses(servers, leader, lease, server, servers::freeze);
                servers.thaw(server);
                servers.awaitServing();
            }
        }
    }

    /** Renews as a daemon would, and never lets the lease that it has run out. */
    private static Lease loses(
            Ensemble servers, Dcs leader, Lease held, int server, IntConsumer fault) {
        Lease lease = renew(leader, Opening.within(2)).applied().orElseThrow();
        assertThat(lease.epoch()).as("epoch before the loss of %d", server).isEqualTo(held.epoch());
        fault.accept(server);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (System.nanoTime() - end < 0) {
            Lease before = lease;
            Deadline last = new Deadline(Opening.TICKER, before.validUntil());
            lease = renew(leader, last).applied().orElseThrow();
            assertThat(Opening.TICKER.nanos() - before.validUntil()).isNegative();
            assertThat(lease.epoch()).isEqualTo(held.epoch());
            pass(300);
        }
        return lease;
    }

    /** Each attempt of its to connect to the next server would keep the session alive. */
    @Test
    void aLeaderWhomNoReplyReachesDoesNotLeadForEver() {
        ZooKeeperProvider provider = new ZooKeeperProvider();
        try (Ensemble servers = Ensemble.start(3);
                Link link =
                        Link.through(provider, EnsembleControl.section(servers.hosts()))
                                .orElseThrow();
                Dcs leader =
                        Opening.open(
                                provider,
                                link.section(),
                                Optional.of("a"),
                                Opening.settings(SHORT_TTL),
                                hint -> {});
                Dcs rival = member(servers.hosts(), "b", SHORT_TTL)) {
            acquired(leader);
            link.dropReplies();
            long end = System.nanoTime() + SHORT_TTL.multipliedBy(4).toNanos();
            while (rival.read(Opening.SCOPE, Opening.within(5)).leader().isPresent()) {
                assertThat(System.nanoTime() - end).as("past the time").isNegative();
                pass(100);
            }
        }
    }

    /**
     * The session ends on the ensemble's leader, which hears of it through the follower only. A
     * validity that counts from the renewal's sending would be too long.
     */
    @Test
    void aProofHoldsAlthoughItsFollowerIsCutOffRightAfter() {
        try (Ensemble servers = Ensemble.startOnCables(3)) {
            int first = servers.leader();
            int follower = (first + 1) % servers.size();
            for (int round = 0; round < 3; round++) {
                try (Dcs holder = member(servers.host(follower), "a" + round, SHORT_TTL);
                        Dcs rival = member(servers.host(first), "b" + round, SHORT_TTL)) {
                    cutOffRightAfterARenewal(servers, follower, holder, rival, 1000 + 130 * round);
                }
                assertThat(servers.leader()).isEqualTo(first);
            }
        }
    }

    /**
     * A frozen leader asks no follower whom it hears of. The follower answers clients meanwhile, so
     * that a validity that counts from its answers would be too long, once a renewal that was under
     * way is carried out and the follower is not heard any more.
     */
    @Test
    void aProofDoesNotCountWhatAFollowerHeardWhileItsLeaderWasFrozen() throws Exception {
        try (Ensemble servers = Ensemble.startOnCables(3, "syncLimit=60")) {
            int first = servers.leader();
            int follower = (first + 1) % servers.size();
            int third = (first + 2) % servers.size();
            try (Dcs holder = member(servers.host(follower), "a", LONG_TTL);
                    Dcs rival = member(servers.host(third), "b", LONG_TTL)) {
                Lease before = acquired(holder);
                pass(3000);
                before = renew(holder, Opening.within(2)).applied().orElse(before);
                Snapshot held = rival.read(Opening.SCOPE, Opening.within(2));
                servers.freeze(first);
                pass(5000);
                CompletableFuture<Optional<Lease>> renewal =
                        CompletableFuture.supplyAsync(() -> proof(holder));
                pass(300);
                servers.silence(follower, first);
                servers.thaw(first);
                long valid = renewal.get().orElse(before).validUntil();
                assertThat(valid - before.validUntil()).isNotNegative();
                assertThat(taken(rival, held, LONG_TTL) - valid)
                        .as("from the end of the proof to the next leader")
                        .isPositive();
                rival.purge(Opening.within(5));
            }
        }
    }

    /** Empty if the lease was not proven in time. */
    private static Optional<Lease> proof(Dcs holder) {
        try {
            return renew(holder, Opening.within(2)).applied();
        } catch (DcsException e) {
            return Optional.empty();
        }
    }

    /** Tries until the lease of another member ends, and tells when that was. */
    private static long taken(Dcs rival, Snapshot held, Duration ttl) {
        long end = Opening.TICKER.nanos() + ttl.plusSeconds(3).toNanos();
        while (!rival.acquire(held, Opening.within(1)).isApplied()) {
            assertThat(Opening.TICKER.nanos() - end).as("the lease ends").isNegative();
            pass(5);
        }
        return Opening.TICKER.nanos();
    }

    private static Dcs member(String host, String name, Duration ttl) {
        return Opened.member(Map.of("hosts", host), name, ttl, hint -> {});
    }

    private static void cutOffRightAfterARenewal(
            Ensemble servers, int follower, Dcs holder, Dcs rival, long pause) {
        Lease first = acquired(holder);
        Snapshot held = rival.read(Opening.SCOPE, Opening.within(2));
        pass(pause);
        Lease proof = renew(holder, Opening.within(2)).applied().orElseThrow();
        servers.cutOff(follower);
        assertThat(proof.validUntil()).isGreaterThan(first.validUntil());
        assertThat(taken(rival, held, SHORT_TTL) - proof.validUntil())
                .as("from the end of the proof to the next leader")
                .isPositive();
        assertThatThrownBy(() -> renew(holder, Opening.within(0.7)))
                .as("a proof from a server without a majority")
                .isInstanceOf(DcsException.class);
        servers.mend(follower);
        servers.awaitServing();
        assertThat(renew(holder, Opening.within(5)).isApplied()).isFalse();
        rival.purge(Opening.within(5));
    }
}
