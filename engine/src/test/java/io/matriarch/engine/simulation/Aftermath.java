package io.matriarch.engine.simulation;

import io.matriarch.spi.EntryKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What must be so a while after all faults ended: P1, P2, P4, P8. */
final class Aftermath {
    private static final Duration CALM = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final World world;

    Aftermath(Cluster cluster, World world) {
        this.cluster = cluster;
        this.world = world;
    }

    boolean isSettled() {
        return cluster.servingPrimary().isPresent() && stray().isEmpty() && !isRequestPending();
    }

    void check() {
        if (cluster.servingPrimary().isEmpty()) {
            world.violated("P1", "the primary was lost again without a fault");
            return;
        }
        stray().ifPresent(
                        node ->
                                world.violated(
                                        "P2",
                                        node.server().describe()
                                                + " does not follow "
                                                + cluster.servingPrimary()
                                                        .map(n -> n.server().describe())
                                                        .orElse("nobody")));
        if (isRequestPending()) {
            world.violated(
                    "P4",
                    "a request is left behind: "
                            + cluster.store().text(EntryKind.FAILOVER).orElse(""));
        }
        if (world.violation().isEmpty()) {
            checkCalm();
        }
    }

    /** P8: without a fault nobody takes over. */
    private void checkCalm() {
        Node leader = cluster.servingPrimary().orElseThrow();
        int timeline = leader.server().timeline().number();
        world.runFor(CALM);
        boolean same =
                cluster.servingPrimary().filter(n -> n == leader).isPresent()
                        && leader.server().timeline().number() == timeline;
        if (!same && world.violation().isEmpty()) {
            world.violated("P8", "the leader " + leader.name() + " was replaced without a fault");
        }
    }

    private boolean isRequestPending() {
        String text = cluster.store().text(EntryKind.FAILOVER).orElse("");
        return text.contains("leader") || text.contains("member");
    }

    /** A member that could follow the leader and does not. */
    private Optional<Node> stray() {
        Optional<Node> leader = cluster.servingPrimary();
        List<Node> others =
                cluster.nodes().stream()
                        .filter(n -> leader.filter(l -> l == n).isEmpty())
                        .filter(n -> !cluster.isForeign(n))
                        .filter(Node::isDaemonRunning)
                        .filter(n -> leader.filter(l -> needsOperator(n, l)).isEmpty())
                        .toList();
        return others.stream().filter(n -> !n.server().isStreaming()).findFirst();
    }

    /**
     * Two promotions made two timelines of one number, or one member has WAL that the other lost:
     * the numbers that PostgreSQL's tools compare do not show it.
     */
    private static boolean isTwin(Node node, Node leader) {
        Server mine = node.server();
        Server theirs = leader.server();
        boolean sameNumber = mine.timeline().number() == theirs.timeline().number();
        boolean unrelated = !theirs.timeline().descendsFrom(mine.timeline());
        return mine.hasData() && (unrelated || (sameNumber && mine.position() > theirs.position()));
    }

    /** Members that an operator has to repair. */
    long leftForOperator() {
        return cluster.servingPrimary()
                .map(
                        leader ->
                                cluster.nodes().stream()
                                        .filter(n -> n != leader && needsOperator(n, leader))
                                        .count())
                .orElse(0L);
    }

    private static boolean needsOperator(Node node, Node leader) {
        return !node.server().isStreaming()
                && (isTwin(node, leader) || node.server().hasFailedRewind());
    }
}
