package io.matriarch.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.lab.ClusterPicture;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.LabPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Rounds of faults drawn at random. {@code -Dfaults.seed=N} draws the same ones again, {@code
 * -Dfaults.rounds=N} as many as wanted.
 */
@Tag("real")
class FaultRoundsTest {
    private static final LabPlan PLAN = LabPlan.three().withCables(true);
    private static final Duration TTL = Duration.ofSeconds(PLAN.ttl());
    private static final Path TARGET = Path.of("target");
    private static final Duration START = Duration.ofMinutes(3);

    /** Another round than the drawn one, to look into a fault. */
    private static final String ONLY = System.getProperty("faults.only");

    /** From the end of the fault: the leader key, a rewind or copy, and a busy machine. */
    private static final Duration HEALS = Duration.ofMinutes(2);

    /** A row sent sooner after the end of a fault may still have been taken before. */
    private static final Duration SETTLE = Duration.ofMillis(300);

    private static final Duration CALM = Duration.ofSeconds(2);

    @Test
    @DisplayName("the cluster heals by itself from a few faults drawn at random")
    void aFewRounds() throws Exception {
        run(Integer.getInteger("faults.rounds", 2));
    }

    @Test
    @Tag("long")
    @DisplayName("the cluster heals by itself from many faults drawn at random")
    void manyRounds() throws Exception {
        run(Integer.getInteger("faults.rounds", 20));
    }

    private static void run(int rounds) throws Exception {
        long seed = Long.getLong("faults.seed", System.nanoTime() & 0xffffff);
        RoundReport report =
                new RoundReport(
                        "Fault rounds, seed %d, ttl %d, loop_wait %d, retry_timeout %d"
                                .formatted(seed, PLAN.ttl(), PLAN.loopWait(), PLAN.retryTimeout()));
        try (Lab lab = Product.lab(PLAN)) {
            lab.start();
            lab.awaitWhole(START);
            report.say(Servers.described(lab));
            report.heading();
            Writers writers = Writers.on(lab);
            try {
                Random random = new Random(seed);
                for (int i = 0; i < rounds; i++) {
                    report.add(round(lab, writers, random));
                }
            } catch (LabException | AssertionError e) {
                writers.stop();
                keepLogs(lab);
                throw e;
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
            report.write(TARGET.resolve("fault-rounds.txt"));
        }
    }

    private static RoundReport.Round round(Lab lab, Writers writers, Random random)
            throws LabException, InterruptedException {
        Fault drawn = Fault.values()[random.nextInt(Fault.values().length)];
        Fault fault = Optional.ofNullable(ONLY).map(Fault::valueOf).orElse(drawn);
        String leader = lab.awaitWhole(HEALS).leader().orElseThrow();
        LabMember victim = lab.member(victim(lab, leader, random));
        Duration lasts = fault.lasts(random, TTL);
        System.out.println(fault + " of " + victim.name() + " for " + lasts + " begins");
        long struck = System.nanoTime();
        fault.strike(lab, victim);
        try {
            pause(lasts);
        } finally {
            fault.end(lab, victim);
        }
        long since = System.nanoTime() + SETTLE.toNanos();
        String next =
                lab.await(
                                "healed from " + fault + " of " + victim.name(),
                                HEALS,
                                picture -> isHealed(lab, writers, picture, since))
                        .leader()
                        .orElseThrow();
        long healed = System.nanoTime();
        pause(CALM);
        long end = System.nanoTime();
        RoundReport.Round round =
                new RoundReport.Round(
                        fault.name(),
                        victim.name(),
                        victim.name().equals(leader),
                        next,
                        lasts,
                        writers.ledger().outageNanos(struck, healed),
                        writers.ledger().overlapNanos(struck, end),
                        healed - struck);
        if (fault.daemonLives()) {
            assertThat(round.overlap()).as("two members took rows: " + round).isZero();
        }
        return round;
    }

    /** Also every daemon has to be up: until it is, the store tells what was true before. */
    private static boolean isHealed(Lab lab, Writers writers, ClusterPicture picture, long since) {
        return writers.serve(lab, picture, since)
                && lab.members().stream().allMatch(member -> tellsTheSame(lab, member, picture));
    }

    private static boolean tellsTheSame(Lab lab, LabMember member, ClusterPicture picture) {
        try {
            return lab.rest()
                    .cluster(member)
                    .filter(lab::isWhole)
                    .flatMap(ClusterPicture::leader)
                    .equals(picture.leader());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false; // the wait around it ends by its own interruption
        }
    }

    /** The leader twice as often as chance would have it: there most is at stake. */
    private static String victim(Lab lab, String leader, Random random) {
        List<LabMember> members = lab.members();
        int drawn = random.nextInt(2 * members.size());
        return drawn < members.size() ? leader : members.get(drawn - members.size()).name();
    }

    /** What the daemons and servers said, without the refused writes of standbys. */
    private static void keepLogs(Lab lab) throws IOException {
        for (LabMember member : lab.members()) {
            String name = member.name() + ".log";
            List<String> lines =
                    Files.readAllLines(lab.directory().resolve(name)).stream()
                            .filter(line -> !line.contains("cannot execute INSERT"))
                            .filter(line -> !line.contains("STATEMENT:  insert into"))
                            .toList();
            Files.createDirectories(TARGET);
            Files.write(TARGET.resolve("fault-rounds-" + name), lines);
        }
    }

    private static void pause(Duration time) throws InterruptedException {
        // The fault itself lasts so long; there is nothing to wait for.
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
