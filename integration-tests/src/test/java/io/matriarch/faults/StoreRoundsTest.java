package io.matriarch.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A whole cluster on each store: failover, switchover, the store restarted, the store gone. */
@Tag("real")
class StoreRoundsTest {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration HEALS = Duration.ofMinutes(2);

    /** A row sent sooner after the end of an event may still have been taken before. */
    private static final Duration SETTLE = Duration.ofMillis(300);

    private static final Duration CALM = Duration.ofSeconds(2);

    @ParameterizedTest
    @EnumSource(LabPlan.Store.class)
    void theQuickEvents(LabPlan.Store store) throws Exception {
        run(store, 1, List.of(StoreEvent.SWITCHOVER, StoreEvent.STORE_RESTART));
    }

    @ParameterizedTest
    @EnumSource(LabPlan.Store.class)
    @Tag("long")
    void threeRoundsOfEachEvent(LabPlan.Store store) throws Exception {
        run(store, 3, List.of(StoreEvent.values()));
    }

    private static void run(LabPlan.Store store, int rounds, List<StoreEvent> events)
            throws Exception {
        LabPlan plan = LabPlan.three().on(store);
        String name = store.name().toLowerCase(Locale.ROOT);
        RoundReport report =
                new RoundReport(
                        "Rounds on %s, ttl %d, loop_wait %d, retry_timeout %d"
                                .formatted(name, plan.ttl(), plan.loopWait(), plan.retryTimeout()));
        try (Lab lab = Product.lab(plan)) {
            lab.start();
            lab.awaitWhole(START);
            report.say(Servers.described(lab));
            report.heading();
            Writers writers = Writers.on(lab);
            try {
                for (int i = 0; i < rounds; i++) {
                    for (StoreEvent event : events) {
                        report.add(round(lab, writers, event));
                    }
                }
            } finally {
                writers.stop();
            }
            report.say(
                    "rows acknowledged %d, lost %d (replication is asynchronous)"
                            .formatted(writers.acknowledged(), writers.lost(lab)));
        } catch (LabException | AssertionError e) {
            report.say("FAILED: " + e.getMessage());
            throw e;
        } finally {
            report.write(Path.of("target", "store-rounds-" + name + ".txt"));
        }
    }

    private static RoundReport.Round round(Lab lab, Writers writers, StoreEvent event)
            throws LabException, InterruptedException {
        String leader = lab.awaitWhole(HEALS).leader().orElseThrow();
        long struck = System.nanoTime();
        long proofEnds = struck + Duration.ofSeconds(lab.plan().ttl()).toNanos();
        event.happen(lab, leader);
        long ended = System.nanoTime();
        boolean taken = writers.ledger().movedSince(proofEnds);
        long since = ended + SETTLE.toNanos();
        String next =
                lab.await(
                                "healed from " + event,
                                HEALS,
                                picture -> writers.serve(lab, picture, since))
                        .leader()
                        .orElseThrow();
        long healed = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
        RoundReport.Round round =
                new RoundReport.Round(
                        event.name(),
                        leader,
                        true,
                        next,
                        Duration.ofNanos(ended - struck),
                        writers.ledger().outageNanos(struck, healed),
                        writers.ledger().overlapNanos(struck, System.nanoTime()),
                        healed - struck);
        assertThat(round.overlap()).as("two members took rows: " + round).isZero();
        if (event.leaderStays()) {
            assertThat(next).as("the leader after " + round).isEqualTo(leader);
        }
        if (event.writesStop()) {
            assertThat(taken).as("rows taken without a lease: " + round).isFalse();
        }
        return round;
    }
}
