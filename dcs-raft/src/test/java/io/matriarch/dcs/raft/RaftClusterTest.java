package io.matriarch.dcs.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.conformance.server.ServerProcesses;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three members: one of them in trouble costs no lease, and what was acknowledged stays. */
@Tag("real")
class RaftClusterTest {
    private static final int WRITERS = 16;

    private RaftCluster cluster;
    private Dcs a;
    private Lease lease;

    @BeforeEach
    void start() {
        cluster = RaftCluster.start(3);
        a = Opened.patientMember(cluster.section(), "a");
        lease =
                a.acquire(a.read(Opening.SCOPE, Opening.within(5)), Opening.within(5))
                        .applied()
                        .orElseThrow();
    }

    @AfterEach
    void stop() {
        if (cluster != null) {
            a.close();
            cluster.close();
        }
    }

    private Lease renewed() {
        lease = Opening.renewed(a, lease);
        return lease;
    }

    private void put(String text) {
        assertThat(
                        a.write(
                                        EntryKind.CONFIG,
                                        Optional.of(Value.of(text)),
                                        Guard.any(),
                                        Opening.within(5))
                                .isApplied())
                .isTrue();
    }

    private Optional<String> config() {
        return a.read(Opening.SCOPE, Opening.within(10)).entry(EntryKind.CONFIG).map(Entry::text);
    }

    @Test
    void eachMemberMayBeKilledAndComeBack() {
        Lease first = renewed();
        for (int member = 0; member < 3; member++) {
            cluster.kill(member);
            renewed();
            put("without " + member);
            cluster.restart(member);
            cluster.awaitMember(member);
            assertThat(config()).contains("without " + member);
        }
        assertThat(renewed().epoch()).as("never demoted").isEqualTo(first.epoch());
    }

    @Test
    void eachMemberMayFreezeAndThaw() {
        Lease first = renewed();
        for (int member = 0; member < 3; member++) {
            cluster.freeze(member);
            renewed();
            put("without " + member);
            cluster.thaw(member);
            cluster.awaitMember(member);
            assertThat(config()).contains("without " + member);
        }
        assertThat(renewed().epoch()).as("never demoted").isEqualTo(first.epoch());
    }

    @Test
    void whatWasAcknowledgedSurvivesTheKillingOfAllMembers() {
        for (int round = 0; round < 2; round++) {
            put("round " + round);
            for (int member = 0; member < 3; member++) {
                cluster.kill(member);
            }
            for (int member = 0; member < 3; member++) {
                cluster.restart(member);
            }
            cluster.awaitServing();
            assertThat(config()).contains("round " + round);
        }
    }

    @Test
    void aMemberThatLostItsDiskIsAddedAnewAndCountsAgain() throws IOException {
        put("before");
        cluster.kill(2);
        delete(cluster.data(2));
        cluster.restart(2);
        cluster.awaitLog(2, "was added to the store");
        cluster.kill(0);
        put("with the new disk's vote");
        assertThat(config()).contains("with the new disk's vote");
    }

    /** Also the others' files still name the old one: they are changed later, one by one. */
    @Test
    void aMemberIsReplacedByOneOfAnotherAddress() throws IOException {
        put("before");
        cluster.kill(2);
        delete(cluster.data(2));
        cluster.replace(2);
        cluster.awaitLog(2, "was added to the store");
        cluster.kill(0);
        put("with the new member's vote");
        cluster.restart(0);
        cluster.awaitMember(0);
        cluster.kill(1);
        // Whoever leads now, a client that still names the old one finds it.
        put("through the new member");
        try (Dcs other = Opened.member(cluster.section(), "b")) {
            assertThat(
                            other.read(Opening.SCOPE, Opening.within(10))
                                    .entry(EntryKind.CONFIG)
                                    .map(Entry::text))
                    .contains("through the new member");
        }
    }

    /** No member's clock decides: while nobody leads, replicated time stands. */
    @Test
    void whileTheLeaderIsFrozenNoLeaseEndsEarlyAndAfterwardsItEnds() {
        Lease lease = renewed();
        int leader = cluster.leader();
        cluster.freeze(leader);
        try (Dcs b = Opened.member(cluster.section(), "b")) {
            Snapshot seen = b.read(Opening.SCOPE, Opening.within(5));
            long taken = -1;
            // Replicated time stood for as long as nobody led.
            long end = lease.validUntil() + Opened.PATIENCE.multipliedBy(2).toNanos();
            while (taken < 0 && Opening.TICKER.nanos() < end) {
                if (b.acquire(seen, Opening.within(5)).isApplied()) {
                    taken = Opening.TICKER.nanos();
                } else {
                    ServerProcesses.pause();
                }
            }
            assertThat(taken)
                    .as("taken after the holder's proof")
                    .isGreaterThan(lease.validUntil());
            // The frozen leader's measure of the time in which it slept must not count.
            long until =
                    b.renew(seen, LeaderUpdate.NONE, Opening.within(5))
                            .applied()
                            .orElseThrow()
                            .validUntil();
            cluster.thaw(leader);
            cluster.awaitMember(leader);
            while (Opening.TICKER.nanos() < until) {
                assertThat(a.acquire(Snapshot.empty(0), Opening.within(5)).isApplied()).isFalse();
                ServerProcesses.pause();
            }
        }
    }

    /** Otherwise it and one that lags could elect a leader without what was acknowledged. */
    @Test
    void aMemberThatLostItsDiskDoesNotVoteWithAMinority() throws IOException {
        put("before");
        cluster.kill(1);
        cluster.kill(2);
        delete(cluster.data(2));
        cluster.restart(2);
        cluster.awaitLog(2, "has no data yet");
        assertThatThrownBy(() -> a.read(Opening.SCOPE, Opening.within(4)))
                .isInstanceOf(DcsException.class);
        cluster.restart(1);
        cluster.awaitLog(2, "was added to the store");
        assertThat(config()).contains("before");
    }

    /** What is left when a majority lost its data. The daemons need not be restarted for it. */
    @Test
    void clientsGoOnInAStoreThatWasMadeAnew() throws IOException {
        Set<EntryKind> told = ConcurrentHashMap.newKeySet();
        try (Dcs b = Opened.client(cluster.section(), Optional.of("b"), told::addAll)) {
            put("before");
            cluster.age(Duration.ofMinutes(3));
            assertThat(config()).as("both have seen the large clock").contains("before");
            assertThat(b.read(Opening.SCOPE, Opening.within(5)).entries()).isNotEmpty();
            for (int member = 0; member < 3; member++) {
                cluster.kill(member);
                delete(cluster.data(member));
            }
            for (int member = 0; member < 3; member++) {
                cluster.restart(member);
            }
            cluster.awaitServing();
            assertThat(config()).isEmpty();
            put("after");
            b.read(Opening.SCOPE, Opening.within(5));
            told.clear();
            Deadline patience = Opening.within(10);
            while (!told.contains(EntryKind.CONFIG) && !patience.passed()) {
                put("again");
                ServerProcesses.pause();
            }
            assertThat(told).contains(EntryKind.CONFIG);
        }
    }

    @Test
    void aDeadStoreCostsTheDeadlineAndARestoredOneIsReachedQuickly() {
        for (int member = 0; member < 3; member++) {
            cluster.kill(member);
        }
        Deadline deadline = Opening.within(1.5);
        assertThatThrownBy(() -> a.renew(Snapshot.empty(0), LeaderUpdate.NONE, deadline))
                .isInstanceOf(DcsException.class);
        assertThat(-deadline.remainingNanos()).isLessThan(Duration.ofMillis(250).toNanos());
        for (int member = 0; member < 3; member++) {
            cluster.restart(member);
        }
        cluster.awaitServing();
        long start = System.nanoTime();
        a.read(Opening.SCOPE, Opening.within(4));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    @Tag("long")
    void manyEntriesAreFoldedIntoSnapshotsAndAMemberThatWasAwayGetsOne() throws Exception {
        cluster.kill(2);
        String text = "x".repeat(1000);
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> writes = new ArrayList<>();
        for (int n = 0; n < 9000; n++) {
            String next = n + text;
            writes.add(writers.submit(() -> put(next)));
        }
        writers.shutdown();
        for (Future<?> write : writes) {
            write.get();
        }
        assertThat(size(cluster.data(0))).as("bytes of the log").isLessThan(9_000_000L);
        cluster.restart(2);
        cluster.awaitMember(2);
        cluster.kill(0);
        put("after");
        assertThat(config()).contains("after");
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
