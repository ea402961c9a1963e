package io.matriarch.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.conformance.proxy.FaultProxy;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The leader of etcd is cut off from the two other servers, which elect another one, and clients
 * still reach it. For some seconds it does not know, and prolongs leases that it does not decide
 * about any more. The other servers count the lease from their election.
 */
@Tag("real")
class EtcdDeposedLeaderTest {
    private static final Duration TTL = Duration.ofSeconds(8);

    /**
     * How long the deposed leader believes in itself, at least; a second is enough to replace it.
     */
    private static final Duration BELIEF = Duration.ofSeconds(5);

    private static final long STEP = Duration.ofMillis(20).toNanos();

    private SeparateHost host;
    private EtcdCluster etcd;

    @BeforeEach
    void start() {
        host = SeparateHost.make();
        etcd =
                EtcdCluster.start(
                        List.of(
                                host.inside("--election-timeout=" + BELIEF.toMillis()),
                                host.outside(),
                                host.outside()));
        etcd.awaitQuorum();
        etcd.makeLeader(0);
    }

    @AfterEach
    void stop() {
        if (etcd != null) {
            etcd.close();
        }
        if (host != null) {
            host.close();
        }
    }

    /** The holder talks to the deposed leader until it gets no answer, and knows the others. */
    @Test
    void aLeaseThatADeposedLeaderProlongedIsNotProven() {
        try (FaultProxy second = FaultProxy.before(etcd.address(1));
                FaultProxy third = FaultProxy.before(etcd.address(2))) {
            // So that the holder begins with the first.
            second.cut();
            third.cut();
            String hosts = String.join(",", etcd.host(0), text(second), text(third));
            try (Dcs holder = member("a", hosts);
                    Dcs rival = member("b", etcd.host(1) + "," + etcd.host(2))) {
                Snapshot before = holder.read(Opening.SCOPE, Opening.within(4));
                holder.acquire(before, Opening.within(4)).applied().orElseThrow();
                second.heal();
                third.heal();
                long cut = depose();
                // As late as can be: the longer ago the election, the longer a false lease.
                pauseUntil(cut + BELIEF.minusMillis(700).toNanos());
                assertThat(etcd.leads(0)).as("the first server believes to lead").isTrue();
                Lease renewed =
                        holder.renew(before, LeaderUpdate.NONE, Opening.within(4))
                                .applied()
                                .orElseThrow();
                // From now on the holder is silent.
                assertThat(Duration.ofNanos(takenBy(rival) - renewed.validUntil()))
                        .as("from validUntil to the rival's lease")
                        .isGreaterThanOrEqualTo(Duration.ZERO);
            }
        }
    }

    @Test
    void aDeposedLeaderAloneIsNeitherReadNorProvesAnything() {
        try (Dcs alone = member("a", etcd.host(0));
                Dcs other = member("b", etcd.host(1) + "," + etcd.host(2))) {
            Snapshot before = alone.read(Opening.SCOPE, Opening.within(4));
            alone.acquire(before, Opening.within(4)).applied().orElseThrow();
            depose();
            assertThat(
                            other.write(
                                            EntryKind.CONFIG,
                                            Optional.of(Value.of("{}")),
                                            Guard.any(),
                                            Opening.within(4))
                                    .isApplied())
                    .isTrue();
            assertThatThrownBy(() -> alone.read(Opening.SCOPE, Opening.within(1)))
                    .isInstanceOf(DcsException.NotApplied.class);
            assertThatThrownBy(() -> alone.renew(before, LeaderUpdate.NONE, Opening.within(1)))
                    .isInstanceOf(DcsException.OutcomeUnknown.class);
            assertThat(etcd.leads(0)).as("the first server believes to lead").isTrue();
        }
    }

    /**
     * Returns the moment of the cut, when the others have a leader and the first still believes.
     */
    private long depose() {
        long cut = System.nanoTime();
        host.pullPeersCable();
        while (!etcd.leads(1) && !etcd.leads(2)) {
            pauseUntil(System.nanoTime() + STEP);
        }
        assertThat(etcd.leads(0)).as("the first server believes to lead").isTrue();
        return cut;
    }

    /** When the rival had the lease. */
    private static long takenBy(Dcs rival) {
        long end = System.nanoTime() + TTL.multipliedBy(3).toNanos();
        while (System.nanoTime() - end < 0) {
            Snapshot seen = rival.read(Opening.SCOPE, Opening.within(4));
            if (rival.acquire(seen, Opening.within(4)).isApplied()) {
                return System.nanoTime();
            }
            pauseUntil(System.nanoTime() + STEP);
        }
        throw new AssertionError("the lease did not end");
    }

    /** Other processes' states and the passing of time leave no event to wait for. */
    private static void pauseUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static Dcs member(String name, String hosts) {
        return Opened.member(Map.of("hosts", hosts, "use_proxies", "true"), name, TTL, hint -> {});
    }

    private static String text(FaultProxy proxy) {
        return "127.0.0.1:" + proxy.address().getPort();
    }
}
