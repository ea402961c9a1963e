package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.conformance.StoreControl.Ability;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** S: sessions, settings, read-only clients, and the end of a client. */
interface SessionRules extends Rules {
    /** How long {@code close} may take: the bound of rule S5. */
    Duration CLOSE = Duration.ofSeconds(5);

    @Test
    default void S1_aLostSessionIsReplacedAndBothRecordsAreBoundToTheNewOne() {
        StoreControl control = bench().require(Ability.END_SESSION);
        Client a = bench().member("a");
        a.take();
        a.touch("{}");
        Optional<String> lost = a.read(EntryKind.LEADER).orElseThrow().session();
        assumeTrue(lost.isPresent(), "not tested: the store shows no sessions");
        control.endSession(lost.get());
        a.prolong();
        assertThat(a.touch("{}").isApplied()).isTrue();
        Optional<String> leader = a.read(EntryKind.LEADER).orElseThrow().session();
        Optional<String> member = a.seen().members().get("a").session();
        assertThat(leader).isPresent().isNotEqualTo(lost).isEqualTo(member);
    }

    @Test
    default void S1_aLostSessionIsReplacedByTouch() {
        StoreControl control = bench().require(Ability.END_SESSION);
        Client a = bench().member("a");
        a.touch("{}");
        Optional<String> lost = a.read().members().get("a").session();
        assumeTrue(lost.isPresent(), "not tested: the store shows no sessions");
        control.endSession(lost.get());
        assertThat(a.touch("{}").isApplied()).isTrue();
        assertThat(a.read().members()).containsKey("a");
    }

    @Test
    default void S2_theEffectiveTtlIsAtLeastTheConfiguredOne() {
        Client client = bench().member("a");
        client.take();
        DcsTraits traits = client.dcs().traits();
        assertThat(traits.effectiveTtl()).isGreaterThanOrEqualTo(bench().timing().ttl());
        assertThat(traits.effectiveTtl()).isGreaterThanOrEqualTo(traits.smallestTtl());
    }

    @Test
    default void S3_aNewTtlBecomesEffectiveWithoutLosingTheLease() {
        Client holder = bench().member("a");
        Client rival = bench().member("b");
        holder.take();
        holder.touch("{}");
        Duration longer = holder.dcs().traits().effectiveTtl().multipliedBy(2);
        Duration shorter = bench().timing().ttl();
        RealTime.meanwhile(
                () -> assertThat(rival.acquire().isApplied()).as("lost").isFalse(),
                () -> {
                    holder.dcs().reconfigure(bench().timing().settings(longer));
                    twoLoops(holder);
                    assertThat(holder.dcs().traits().effectiveTtl()).isGreaterThanOrEqualTo(longer);
                    long sentAfter = System.nanoTime();
                    Lease lease = holder.prolong();
                    assertThat(Duration.ofNanos(lease.validUntil() - sentAfter))
                            .as("validity under the longer ttl")
                            .isGreaterThan(shorter);
                    RealTime.passUntil(sentAfter + longer.minus(shorter.dividedBy(2)).toNanos());
                });
    }

    private static void twoLoops(Client holder) {
        for (int loop = 0; loop < 2; loop++) {
            holder.prolong();
            holder.touch("{}");
        }
    }

    @Test
    default void S4_aReadOnlyClientHasNoLeaseAndNoRecord() {
        Client reader = bench().reader();
        Lease none = new Lease("reader", 1, System.nanoTime(), new Version("none"));
        for (Call call : Call.all(reader, none)) {
            if (Set.of("acquire", "renew", "touch", "release").contains(call.name())) {
                assertThatThrownBy(() -> call.made().apply(bench().soon()))
                        .as(call.name())
                        .isInstanceOf(IllegalStateException.class);
            }
        }
        assertThat(reader.read().entries()).isEmpty();
        assertThat(reader.seen().members()).isEmpty();
    }

    @Test
    default void S4_aReadOnlyClientMakesGuardedWrites() {
        Client reader = bench().reader();
        Version version = Client.applied(reader.write(EntryKind.FAILOVER, "{}", Guard.absent()));
        assertThat(reader.delete(EntryKind.FAILOVER, Guard.version(version)))
                .isInstanceOf(Outcome.Applied.class);
    }

    @Test
    default void S4_aReadOnlyClientCreatesNoSession() {
        StoreControl control = bench().require(Ability.COUNT_SESSIONS);
        int before = control.countSessions();
        Client reader = bench().reader();
        reader.read();
        reader.put(EntryKind.CONFIG, "{}");
        // Those of earlier tests may end meanwhile.
        assertThat(control.countSessions()).isLessThanOrEqualTo(before);
    }

    @Test
    default void S5_closeIsQuickAndLeavesTheLeaderRecord() {
        Set<Thread> before = liveThreads();
        Client holder = bench().member("a");
        Client reader = bench().reader();
        reader.read();
        holder.take();
        assertThat(RealTime.spent(holder::close)).isLessThanOrEqualTo(CLOSE);
        assertThat(reader.leader()).contains("a");
        reader.close();
        Set<String> left =
                liveThreads().stream()
                        .filter(thread -> !before.contains(thread) && !thread.isDaemon())
                        .map(Thread::getName)
                        .collect(Collectors.toSet());
        assertThat(left).as("threads that keep the process alive").isEmpty();
    }

    @Test
    default void S5_closeIsQuickWhileTheStoreIsFrozen() {
        Client holder = bench().member("a");
        holder.take();
        bench().freeze();
        assertThat(RealTime.spent(holder::close)).isLessThanOrEqualTo(CLOSE);
    }

    @Test
    default void S5_closeIsQuickInABlackHole() {
        Link link = bench().link();
        Client holder = bench().member("a", link);
        holder.take();
        link.blackHole();
        assertThat(RealTime.spent(holder::close)).isLessThanOrEqualTo(CLOSE);
    }

    private static Set<Thread> liveThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .collect(Collectors.toSet());
    }

    /** Whoever declares that reads may lag is held to R2 and R3 only. */
    @Test
    default void S6_readsSeeWhatOthersWroteIfThatIsDeclared() {
        Client writer = bench().reader();
        Client reader = bench().member("a");
        assumeTrue(
                reader.dcs().traits().linearizableReads(),
                "declared: reads may lag; R2 and R3 hold them to their own writes and forward");
        for (int n = 0; n < ReadingRules.WRITES; n++) {
            Version version = writer.put(EntryKind.CONFIG, Integer.toString(n));
            assertThat(reader.read(EntryKind.CONFIG).orElseThrow().version()).isEqualTo(version);
        }
    }

    /** An operator has to know what the store does not grant. */
    @Test
    default void S6_aDeclaredWeaknessIsToldInItsNote() {
        Client client = bench().member("a");
        client.take();
        DcsTraits traits = client.dcs().traits();
        boolean weak =
                traits.mayEndEarly()
                        || bench().memberRecordsStay()
                        || !traits.linearizableReads()
                        || traits.effectiveTtl().compareTo(bench().timing().ttl()) > 0;
        assertThat(weak && traits.note().isBlank()).as("told nothing of %s", traits).isFalse();
    }
}
