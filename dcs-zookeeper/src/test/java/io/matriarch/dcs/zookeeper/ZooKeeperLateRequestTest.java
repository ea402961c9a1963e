package io.matriarch.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.Opening;
import io.matriarch.conformance.proxy.FaultProxy;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Between a reading and the request that is built on it another one puts a znode of the same
 * version in the place of what was read. For the lease: member a was started anew and finds what
 * its former process left behind, which ends then, and b leads.
 */
@Tag("real")
class ZooKeeperLateRequestTest {
    private static final String LEADER = "/service/batman/leader";
    private static final String MEMBER = "/service/batman/members/a";
    private static final String FAILOVER = "/service/batman/failover";

    private static final Duration TTL = Duration.ofSeconds(9);

    /** Of each reply, so that the server carries a request out this long after what it follows. */
    private static final Duration DELAY = Duration.ofSeconds(1);

    /** A renewal is a barrier, an attempt to create, the reading, and the takeover. */
    private static final Duration RENEWAL_HAS_READ = DELAY.multipliedBy(5).dividedBy(2);

    private static final Duration ONE_READING = DELAY.dividedBy(2);

    private static Ensemble ensemble;

    private final Operator operator = Operator.at(ensemble.hosts());
    private final FaultProxy link = FaultProxy.before(ensemble.address(0));
    private final Dcs a =
            Opened.member(
                    Map.of("hosts", "127.0.0.1:" + link.address().getPort()), "a", TTL, hint -> {});

    @BeforeAll
    static void start() {
        ensemble = Ensemble.start(1);
    }

    @AfterAll
    static void stop() {
        if (ensemble != null) {
            ensemble.close();
        }
    }

    @AfterEach
    void clean() {
        link.heal();
        a.purge(Opening.within(5));
        a.close();
        link.close();
    }

    private interface Change {
        void make() throws Exception;
    }

    /** Calls, and changes the store when the call has read and not written yet. */
    private <T> Outcome<T> late(Supplier<Outcome<T>> call, Duration reading, Change change)
            throws Exception {
        link.delayReplies(DELAY);
        CompletableFuture<Outcome<T>> outcome = CompletableFuture.supplyAsync(call);
        TimeUnit.NANOSECONDS.sleep(reading.toNanos());
        assertThat(outcome).as("the call").isNotDone();
        change.make();
        Outcome<T> result = outcome.get();
        link.heal();
        return result;
    }

    private Outcome<Lease> renew() {
        return a.renew(Snapshot.empty(0), LeaderUpdate.NONE, Opening.within(10));
    }

    private Outcome<Outcome.Done> release() {
        Lease lost = new Lease("a", 1, Opening.TICKER.nanos(), new Version("none"));
        return a.release(lost, Optional.empty(), Opening.within(10));
    }

    private void touch() {
        a.touch(Opening.replica("a", "{}"), Opening.within(5));
    }

    private Peer former() throws Exception {
        Peer former = new Peer(ensemble.hosts());
        former.createEphemeral(LEADER, "a");
        former.createEphemeral(MEMBER, "{}");
        return former;
    }

    private void assertLeads(Peer other, Outcome<?> outcome) {
        assertThat(operator.get(LEADER)).contains("b");
        assertThat(operator.stat(LEADER).getEphemeralOwner()).isEqualTo(other.session());
        assertThat(outcome.isApplied()).isFalse();
    }

    @Test
    void aTakeoverLeavesTheRecordOfWhoWasFaster() throws Exception {
        Peer former = former();
        touch();
        try (Peer other = new Peer(ensemble.hosts())) {
            Outcome<Lease> outcome =
                    late(
                            this::renew,
                            RENEWAL_HAS_READ,
                            () -> {
                                former.close();
                                other.createEphemeral(LEADER, "b");
                            });
            assertLeads(other, outcome);
        }
    }

    /** That member record has the version of the old one too. */
    @Test
    void aMemberRecordThatWasMadeAnewDoesNotPassForTheOldOne() throws Exception {
        Peer former = former();
        try (Peer other = new Peer(ensemble.hosts())) {
            Outcome<Lease> outcome =
                    late(
                            this::renew,
                            RENEWAL_HAS_READ,
                            () -> {
                                former.close();
                                other.createEphemeral(LEADER, "b");
                                other.createEphemeral(MEMBER, "{}");
                            });
            assertLeads(other, outcome);
        }
    }

    @Test
    void aReleaseLeavesTheRecordOfWhoWasFaster() throws Exception {
        Peer former = former();
        touch();
        try (Peer other = new Peer(ensemble.hosts())) {
            Outcome<Outcome.Done> outcome =
                    late(
                            this::release,
                            ONE_READING,
                            () -> {
                                former.close();
                                other.createEphemeral(LEADER, "b");
                            });
            assertLeads(other, outcome);
        }
    }

    /** A lease that nobody renewed is ended by this process, which is just about to. */
    @Test
    void theEndOfALeaseLeavesTheRecordOfWhoWasFaster() throws Exception {
        Snapshot none = a.read(Opening.SCOPE, Opening.within(5));
        long taken = Opening.TICKER.nanos();
        a.acquire(none, Opening.within(5)).applied().orElseThrow();
        Duration reading = TTL.plusMillis(400);
        try (Peer other = new Peer(ensemble.hosts())) {
            link.delayReplies(Duration.ofMillis(700));
            TimeUnit.NANOSECONDS.sleep(taken + reading.toNanos() - Opening.TICKER.nanos());
            other.replaceEphemeral(LEADER, "b");
            TimeUnit.SECONDS.sleep(2);
            assertThat(operator.get(LEADER)).contains("b");
        }
    }

    /** What others create meanwhile costs another attempt, and no more. */
    @Test
    void aTakeoverIsRepeatedIfSomethingElseWasCreated() throws Exception {
        try (Peer former = former()) {
            touch();
            Outcome<Lease> outcome =
                    late(
                            this::renew,
                            RENEWAL_HAS_READ,
                            () -> operator.put("/service/batman/history", "[]"));
            assertThat(outcome.isApplied()).isTrue();
            assertThat(operator.stat(LEADER).getEphemeralOwner())
                    .isNotEqualTo(former.session())
                    .isEqualTo(operator.stat(MEMBER).getEphemeralOwner());
        }
    }

    private Outcome<Version> failover(Optional<String> text, Guard guard) {
        return a.write(EntryKind.FAILOVER, text.map(Value::of), guard, Opening.within(10));
    }

    /** Somebody takes the request back and leaves another one, both of which were written once. */
    private Outcome<Version> lateFailover(Optional<String> text) throws Exception {
        Version read = failover(Optional.of("{}"), Guard.absent()).applied().orElseThrow();
        return late(
                () -> failover(text, Guard.version(read)),
                ONE_READING,
                () -> {
                    operator.delete(FAILOVER);
                    operator.put(FAILOVER, "{\"member\":\"b\"}");
                });
    }

    private void assertRefused(Outcome<Version> outcome) {
        assertThat(operator.get(FAILOVER)).contains("{\"member\":\"b\"}");
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(Outcome.Refusal.VERSION_CHANGED));
    }

    @Test
    void aGuardedWriteDoesNotHitAnEntryThatWasMadeAnew() throws Exception {
        assertRefused(lateFailover(Optional.of("{\"member\":\"a\"}")));
    }

    @Test
    void aGuardedDeletionDoesNotHitAnEntryThatWasMadeAnew() throws Exception {
        assertRefused(lateFailover(Optional.empty()));
    }
}
