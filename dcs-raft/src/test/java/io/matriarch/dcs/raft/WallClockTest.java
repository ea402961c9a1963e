package io.matriarch.dcs.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.Opening;
import io.matriarch.conformance.server.ServerProcesses;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases follow replicated time: the members' wall clock may jump as it likes. */
@Tag("real")
class WallClockTest {
    private static final Duration JUMP = Duration.ofDays(2);

    @TempDir private Path directory;

    private WallClock clock;
    private RaftCluster cluster;
    private Dcs a;
    private Dcs b;
    private Lease lease;

    @BeforeEach
    void start() throws IOException {
        clock = WallClock.in(directory);
        cluster = RaftCluster.start(3, clock);
        a = Opened.patientMember(cluster.section(), "a");
        b = Opened.patientMember(cluster.section(), "b");
        lease = a.acquire(Snapshot.empty(0), Opening.within(5)).applied().orElseThrow();
    }

    @AfterEach
    void stop() {
        if (cluster != null) {
            a.close();
            b.close();
            cluster.close();
        }
    }

    private void jump(Duration ahead) {
        clock.set(ahead);
        LocalDate day = Instant.now().plus(ahead).atOffset(ZoneOffset.UTC).toLocalDate();
        for (int member = 0; member < cluster.size(); member++) {
            cluster.awaitWallClock(member, day);
        }
    }

    private boolean isTaken() {
        return b.acquire(Snapshot.empty(0), Opening.within(5)).isApplied();
    }

    @Test
    void noJumpEndsALeaseOrStopsItsRenewal() {
        long epoch = lease.epoch();
        for (Duration ahead : new Duration[] {JUMP, JUMP.negated(), Duration.ZERO}) {
            jump(ahead);
            assertThat(isTaken()).as("taken with clocks %s ahead", ahead).isFalse();
            lease = Opening.renewed(a, lease);
        }
        assertThat(lease.epoch()).as("never demoted").isEqualTo(epoch);
    }

    @Test
    void aLeaseThatNobodyRenewsEndsInTimeThoughTheClocksWerePutBack() {
        jump(JUMP.negated());
        while (!isTaken()) {
            assertThat(Opening.TICKER.nanos())
                    .as("still held after the proof had ended")
                    .isLessThan(lease.validUntil() + Opened.PATIENCE.toNanos() / 2);
            ServerProcesses.pause();
        }
        assertThat(Opening.TICKER.nanos())
                .as("taken after the holder's proof")
                .isGreaterThan(lease.validUntil());
    }
}
