package io.matriarch.engine.simulation;

import java.util.List;
import java.util.stream.Collectors;

/** Who takes writes, and by what right: I1, I2, I3. */
final class WriterChecks implements Observer, World.Watcher {
    private final Cluster cluster;
    private final World world;
    private final Leases leases;
    private long overlapNanos;
    private String overlapping = "";
    private long helplessOverlapNanos;

    WriterChecks(Cluster cluster, Leases leases) {
        this.cluster = cluster;
        this.world = cluster.world();
        this.leases = leases;
    }

    @Override
    public void until(long time) {
        long span = time - world.nanos();
        if (span == 0) {
            return;
        }
        if (cluster.fleet().writers() > 1) {
            overlap(span);
        } else {
            report();
        }
        for (Node node : cluster.nodes()) {
            if (node.server().takesWrites()) {
                checkRight(node, time);
            }
        }
    }

    @Override
    public void after() {
        // Durations are judged before the next event: see until.
    }

    private void overlap(long span) {
        List<Node> writers =
                cluster.nodes().stream().filter(n -> n.server().takesWrites()).toList();
        if (cluster.store().pausedWithin(Checks.PAUSE_GRACE)
                || writers.stream().anyMatch(n -> n.sawPauseWithin(Checks.THAW_GRACE))) {
            return;
        }
        if (writers.stream().anyMatch(Checks::helpless)) {
            helplessOverlapNanos += span;
            return;
        }
        overlapNanos += span;
        overlapping = writers.stream().map(Node::name).collect(Collectors.joining(" and "));
    }

    private void report() {
        if (overlapNanos > 0) {
            world.violated(
                    "I1",
                    overlapping + " both took writes for " + overlapNanos / 1_000_000.0 + " ms");
            overlapNanos = 0;
        }
    }

    void finish() {
        report();
    }

    long helplessOverlapNanos() {
        return helplessOverlapNanos;
    }

    private void checkRight(Node node, long time) {
        long until = leases.toldUntil(node);
        boolean excused =
                time <= until
                        || node.server().isBootstrapping()
                        || cluster.store().pausedWithin(Checks.PAUSE_GRACE)
                        || node.sawPauseWithin(Checks.THAW_GRACE)
                        || Checks.helpless(node);
        if (!excused) {
            world.violated(
                    "I3",
                    node.name()
                            + " takes writes though its lease "
                            + (until < 0
                                    ? "was never proven or is given up"
                                    : "could be relied on only until " + Trace.time(until).trim()));
        }
    }

    @Override
    public void promotes(Node node) {
        long until = leases.toldUntil(node);
        if (world.nanos() > until && !Checks.helpless(node)) {
            world.violated(
                    "I2",
                    node.name()
                            + " promotes "
                            + (until < 0
                                    ? "without a lease"
                                    : (world.nanos() - until) / 1_000_000
                                            + " ms after its lease could be relied on"));
        }
    }
}
