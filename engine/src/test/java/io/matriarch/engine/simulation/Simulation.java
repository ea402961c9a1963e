package io.matriarch.engine.simulation;

import io.matriarch.engine.model.Tags;
import io.matriarch.spi.EntryKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run: a cluster comes up, things happen to it, everything is mended, and it must serve. */
final class Simulation {
    /** No fault before the first primary serves; it must within this time. */
    private static final Duration BIRTH = Duration.ofSeconds(90);

    /** P1, beyond ttl and loop_wait: a race, a promotion, and what was slow when faults ended. */
    private static final Duration RECOVERY = Duration.ofSeconds(40);

    /** P2 and P4: copies, rewinds, and requests that wait for a candidate. */
    private static final Duration SETTLING = Duration.ofSeconds(120);

    private static final long BYTES_PER_SECOND = 40_000;

    private final long seed;
    private final World world;
    private final Timing timing;
    private final Cluster cluster;
    private final Checks checks;
    private final Faults faults;
    private long leftForOperator;

    Simulation(
            long seed, int traceLines, ManagedMember.Factory factory, Cluster.Wrapping wrapping) {
        this.seed = seed;
        this.world = new World(seed, traceLines);
        this.timing = world.pick(Timing.COMMON);
        boolean drifting = world.chance(0.5);
        this.cluster =
                new Cluster(
                        world,
                        factory,
                        wrapping,
                        world.chance(0.2) ? 0 : BYTES_PER_SECOND,
                        drifting);
        this.checks = Checks.install(cluster);
        this.faults = new Faults(cluster, timing);
    }

    /**
     * What came of it.
     *
     * @param violation the first
     * @param trace the last lines before it
     * @param helplessOverlapNanos see {@link Checks#helplessOverlapNanos}
     * @param leftForOperator members with a twin timeline or after a failed rewind
     */
    record Result(
            long seed,
            Optional<Violation> violation,
            List<String> trace,
            long events,
            long helplessOverlapNanos,
            long leftForOperator) {}

    static Result run(long seed, int traceLines) {
        return new Simulation(seed, traceLines, RealMember.FACTORY, Cluster.Wrapping.NONE).run();
    }

    Result run() {
        populate();
        for (Node node : cluster.nodes()) {
            // A server of another cluster must not be the one that names this one.
            boolean late = node.server().hasData();
            world.after(
                    late ? world.millis(15_000, 60_000) : world.millis(0, 2_000),
                    node::startDaemon);
        }
        boolean allNew = cluster.nodes().stream().noneMatch(node -> node.server().hasData());
        if (allNew && world.chance(0.15)) {
            killWhoeverBootstraps();
            awaitBirth("P5", BIRTH.plusSeconds(2L * (timing.ttl() + timing.loopWait())));
        } else {
            awaitBirth("P1", BIRTH);
        }
        world.runFor(Duration.ofSeconds(10));
        trouble();
        recover();
        checks.finish();
        return new Result(
                seed,
                world.violation(),
                world.traceLines(),
                world.events(),
                checks.helplessOverlapNanos(),
                leftForOperator);
    }

    private void awaitBirth(String check, Duration patience) {
        if (!world.runUntil(() -> cluster.servingPrimary().isPresent(), patience)) {
            world.violated(check, "no primary within " + patience + " of the first start");
        }
    }

    /** P5: its claim to bootstrap outlives it. */
    private void killWhoeverBootstraps() {
        world.runUntil(this::isBootstrapping, BIRTH);
        world.runFor(Duration.ofNanos(world.millis(0, 4_000)));
        for (Node node : cluster.nodes()) {
            if (node.server().isBootstrapping() || !node.server().hasData() && world.chance(0.5)) {
                node.killDaemon();
                if (world.chance(0.5)) {
                    node.server().crash();
                }
                world.after(world.millis(0, 20_000), node::startDaemon);
            }
        }
    }

    private boolean isBootstrapping() {
        return cluster.store().text(EntryKind.INITIALIZE).filter(String::isEmpty).isPresent();
    }

    private void populate() {
        List<String> names = List.of("a", "b", "c", "d");
        int members = world.chance(0.7) ? 3 : world.chance(0.5) ? 2 : 4;
        for (String name : names.subList(0, members)) {
            boolean excluded = name.equals("c") && world.chance(0.15);
            Tags tags = excluded ? new Tags(Map.of("nofailover", true)) : Tags.NONE;
            Node node = cluster.add(name, tags, timing.document(false));
            if (name.equals("c") && world.chance(0.04)) {
                node.server().adopt(cluster.fleet().newSystemId());
            }
        }
    }

    private void trouble() {
        long lasts = world.millis(30_000, 200_000);
        int strikes = 2 + world.pick(18);
        for (int i = 0; i < strikes; i++) {
            world.after(world.millis(0, lasts / 1_000_000), faults::strike);
        }
        world.runFor(Duration.ofNanos(lasts));
    }

    private void recover() {
        if (world.violation().isPresent()) {
            return;
        }
        faults.end();
        Duration bound = RECOVERY.plusSeconds(timing.ttl()).plusSeconds(timing.loopWait());
        if (!world.runUntil(() -> cluster.servingPrimary().isPresent(), bound)) {
            world.violated("P1", "no primary within " + bound + " of the end of all faults");
        }
        settleDown();
        if (world.violation().isEmpty()) {
            Aftermath aftermath = new Aftermath(cluster, world);
            aftermath.check();
            leftForOperator = aftermath.leftForOperator();
        }
    }

    /** A switchover may be under way, or a rewind; but not for long. */
    private void settleDown() {
        world.runFor(Duration.ofSeconds(60));
        Aftermath aftermath = new Aftermath(cluster, world);
        world.runUntil(aftermath::isSettled, SETTLING);
    }
}
