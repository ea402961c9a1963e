package io.matriarch.engine.simulation;

import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What members do to the store: L1 of its contract, and I8, I10, I12, I15, I18. */
final class StoreChecks implements Observer {
    private static final Pattern HISTORY_LINE = Pattern.compile("\\[(\\d+),");

    /** How old knowledge must be before a member has to have heard of it. */
    private static final long HEARD = Duration.ofSeconds(15).toNanos();

    private final Cluster cluster;
    private final World world;
    private final Leases leases;
    private long historyWrittenAt;

    StoreChecks(Cluster cluster, Leases leases) {
        this.cluster = cluster;
        this.world = cluster.world();
        this.leases = leases;
    }

    @Override
    public void atStore(Node node, StoreCall.Operation operation) {
        switch (operation.verb()) {
            case ACQUIRE, RENEW -> {
                if (operation.applied()) {
                    granted(node, operation);
                }
            }
            case RELEASE -> released(node, operation);
            case WRITE -> written(node, operation);
            case PURGE -> world.violated("I8", node.name() + " removes the whole cluster");
            default -> {
                // Reading and the own member record harm nobody.
            }
        }
    }

    private void granted(Node node, StoreCall.Operation operation) {
        world.trace(
                node.name(),
                operation.holderBefore().isEmpty() ? "takes the lease" : "renews the lease");
        for (Node other : cluster.nodes()) {
            if (other != node && leases.promisedUntil(other) > world.nanos()) {
                world.violated(
                        "L1",
                        "the store gives the lease to "
                                + node.name()
                                + " while it is promised to "
                                + other.name());
            }
        }
        if (cluster.isForeign(node) && !cluster.store().pausedWithin(Checks.PAUSE_GRACE)) {
            world.violated("I12", node.name() + " takes the lease with a foreign system id");
        }
        if (operation.holderBefore().isEmpty()) {
            taken(node, operation);
        }
    }

    private void taken(Node node, StoreCall.Operation operation) {
        Server server = node.server();
        if (node.options().tags().nofailover() && server.phase() == Server.Phase.STANDBY) {
            world.violated("I10", node.name() + " takes the lease though it is nofailover");
        }
        if (server.phase() == Server.Phase.PRIMARY
                && !cluster.store().pausedWithin(Checks.PAUSE_GRACE)) {
            int known = knownTimeline(operation.sentAt());
            if (server.timeline().number() < known) {
                world.violated(
                        "I18",
                        node.name()
                                + " takes the lease as primary on timeline "
                                + server.timeline().number()
                                + " though the history knows "
                                + known);
            }
        }
    }

    /** By the history key, if it has been there long enough; else 0. */
    private int knownTimeline(long at) {
        if (at - historyWrittenAt < HEARD) {
            return 0;
        }
        int last = 0;
        Matcher line = HISTORY_LINE.matcher(cluster.store().text(EntryKind.HISTORY).orElse(""));
        while (line.find()) {
            last = Integer.parseInt(line.group(1)) + 1;
        }
        return last;
    }

    private void released(Node node, StoreCall.Operation operation) {
        boolean foreign = operation.holderBefore().filter(h -> !h.equals(node.name())).isPresent();
        if (foreign && !operation.holderAfter().equals(operation.holderBefore())) {
            world.violated(
                    "I8",
                    node.name()
                            + " deletes the leader record of "
                            + operation.holderBefore().orElseThrow());
        }
        if (!operation.applied()) {
            return;
        }
        world.trace(node.name(), "releases the lease");
        Server server = node.server();
        if (cluster.store().pausedWithin(Checks.PAUSE_GRACE) || Checks.helpless(node)) {
            return;
        }
        if (server.takesWrites()) {
            world.violated("I15", node.name() + " releases the lease while it takes writes");
        } else if (server.phase() == Server.Phase.CHECKPOINTING) {
            earlyRelease(node);
        }
    }

    private void earlyRelease(Node node) {
        Server server = node.server();
        if (!server.control().equals("shut down")) {
            world.violated(
                    "I15", node.name() + " releases the lease before its shutdown checkpoint");
            return;
        }
        boolean ready =
                cluster.nodes().stream()
                        .filter(other -> other != node)
                        .filter(other -> !other.options().tags().nofailover())
                        .anyMatch(
                                other ->
                                        other.server().phase() == Server.Phase.STANDBY
                                                && other.server().position()
                                                        >= server.checkpoint());
        if (!ready) {
            world.violated(
                    "I15",
                    node.name()
                            + " releases the lease early though no standby has its shutdown"
                            + " checkpoint");
        }
    }

    private void written(Node node, StoreCall.Operation operation) {
        boolean unconditional = operation.guard().filter(g -> g instanceof Guard.Any).isPresent();
        if (unconditional
                && (operation.writes(EntryKind.FAILOVER) || operation.writes(EntryKind.SYNC))) {
            world.violated(
                    "I8",
                    node.name()
                            + " writes "
                            + operation.kind().orElseThrow().key()
                            + " without a condition");
        }
        if (operation.applied()) {
            world.trace(
                    node.name(),
                    "writes "
                            + operation.kind().orElseThrow().key()
                            + " = "
                            + operation.text().orElse("(deleted)"));
            if (operation.writes(EntryKind.HISTORY)) {
                historyWrittenAt = world.nanos();
            }
        }
    }
}
