package io.matriarch.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.model.Tags;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Three real members, healthy and with a leader; what happens then is up to the test. */
final class Stage {
    private final World world;
    private final Cluster cluster;
    private final Checks checks;

    Stage(long seed, Timing timing) {
        Quiet.engine();
        world = new World(seed, 400);
        cluster = new Cluster(world, RealMember.FACTORY, Cluster.Wrapping.NONE, 20_000, false);
        checks = Checks.install(cluster);
        for (String name : List.of("a", "b", "c")) {
            cluster.add(name, Tags.NONE, timing.document(false)).startDaemon();
        }
        await(
                Duration.ofSeconds(60),
                "three running members",
                () ->
                        cluster.servingPrimary().isPresent()
                                && cluster.nodes().stream()
                                        .allMatch(n -> n == leader() || n.server().isStreaming()));
        // Beyond the grace that freshly booted daemons have.
        pass(60);
    }

    World world() {
        return world;
    }

    Cluster cluster() {
        return cluster;
    }

    Node leader() {
        return cluster.servingPrimary().orElseThrow();
    }

    Node standby() {
        return cluster.nodes().stream().filter(n -> n != leader()).findFirst().orElseThrow();
    }

    void pass(double seconds) {
        world.runFor(Duration.ofMillis((long) (seconds * 1000)));
        assertSound();
    }

    /** The time that it took. */
    Duration await(Duration patience, String what, BooleanSupplier condition) {
        long from = world.nanos();
        boolean came = world.runUntil(condition, patience);
        assertSound();
        assertThat(came)
                .as(
                        () ->
                                what
                                        + " within "
                                        + patience
                                        + "\n"
                                        + String.join("\n", world.traceLines()))
                .isTrue();
        return Duration.ofNanos(world.nanos() - from);
    }

    Duration awaitOtherLeader(Node old, Duration patience) {
        return await(
                patience,
                "another leader than " + old.name(),
                () -> cluster.servingPrimary().filter(n -> n != old).isPresent());
    }

    void awaitStandby(Node node, Duration patience) {
        await(patience, node.name() + " as a streaming standby", () -> node.server().isStreaming());
    }

    /** Time with two primaries that only a guardian outside of the daemon could have prevented. */
    Duration helplessOverlap() {
        return Duration.ofNanos(checks.helplessOverlapNanos());
    }

    private void assertSound() {
        assertThat(world.violation()).as(() -> String.join("\n", world.traceLines())).isEmpty();
    }
}
