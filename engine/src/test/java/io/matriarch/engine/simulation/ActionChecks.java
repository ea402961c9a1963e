package io.matriarch.engine.simulation;

import io.matriarch.engine.port.PostgresAction;
import io.matriarch.spi.EntryKind;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What members do to their PostgreSQL: I4, I12, I13, I14, I20. */
final class ActionChecks implements Observer, World.Watcher {
    /** An operator's order may take this long to be carried out. */
    private static final long ORDER = Duration.ofSeconds(180).toNanos();

    /** A stop must follow a refused renewal within this time; it should follow at once. */
    private static final long PROMPT = Duration.ofSeconds(1).toNanos();

    /** A promotion that ended this recently may not have been noticed. */
    private static final long NOTICED = Duration.ofSeconds(3).toNanos();

    private final Cluster cluster;
    private final World world;
    private final Set<String> demoted = new HashSet<>();
    private Optional<String> initializer = Optional.empty();
    private Optional<Refusal> refused = Optional.empty();

    private record Refusal(Node node, long at, long startedAt) {}

    ActionChecks(Cluster cluster) {
        this.cluster = cluster;
        this.world = cluster.world();
    }

    // ---- I4

    @Override
    public void answered(Node node, StoreCall.Operation operation) {
        Server server = node.server();
        boolean mattered =
                operation.verb() == StoreCall.Verb.RENEW
                        && operation.refused()
                        && server.phase() == Server.Phase.PRIMARY
                        && world.nanos() - server.enteredAt() > NOTICED
                        && !server.isBootstrapping()
                        && !Checks.helpless(node)
                        && !node.sawPauseWithin(Checks.THAW_GRACE)
                        && !cluster.store().pausedWithin(Checks.PAUSE_GRACE);
        if (mattered) {
            refused = Optional.of(new Refusal(node, world.nanos(), server.startedAt()));
        }
    }

    @Override
    public void effect(Node node, Effect effect) {
        if (effect.kind() == Effect.Kind.FENCE) {
            checkPause(node, "fences");
        }
        if (refused.filter(r -> r.node() == node).isEmpty()) {
            return;
        }
        refused = Optional.empty();
        if (effect.kind() != Effect.Kind.FENCE && effect.kind() != Effect.Kind.STOP) {
            world.violated(
                    "I4",
                    node.name()
                            + " was refused a renewal as primary and first did: "
                            + effect.kind()
                            + " "
                            + effect.text());
        }
    }

    @Override
    public void until(long time) {
        if (refused.isEmpty()) {
            return;
        }
        Refusal last = refused.get();
        Node node = last.node();
        if (node.server().phase() != Server.Phase.PRIMARY || Checks.helpless(node)) {
            refused = Optional.empty();
        } else if (time - last.at() > PROMPT) {
            refused = Optional.empty();
            world.violated(
                    "I4", node.name() + " was refused a renewal as primary and did not stop");
        }
    }

    @Override
    public void after() {
        // Nothing to look at between two instants.
    }

    // ---- the rest

    @Override
    public void atStore(Node node, StoreCall.Operation operation) {
        if (operation.writes(EntryKind.INITIALIZE) && operation.applied()) {
            initializer = Optional.of(node.name());
        }
        if (operation.verb() == StoreCall.Verb.RELEASE) {
            demoted.add(node.name());
        } else if (operation.verb() == StoreCall.Verb.ACQUIRE && operation.applied()) {
            demoted.remove(node.name());
        }
    }

    @Override
    public void starts(Node node, PostgresAction action, boolean busy) {
        if (busy) {
            world.violated(
                    "I20", node.name() + " starts \"" + action.title() + "\" beside another");
        }
        checkSystem(node, action);
        if (action instanceof PostgresAction.Bootstrap
                && initializer.filter(node.name()::equals).isEmpty()) {
            world.violated("I13", node.name() + " runs initdb without having won /initialize");
        }
        if (!isHarmless(action)) {
            checkPause(node, "does \"" + action.title() + "\"");
        }
    }

    private static boolean isHarmless(PostgresAction action) {
        return action instanceof PostgresAction.CheckDivergence
                || action instanceof PostgresAction.Follow;
    }

    private void checkSystem(Node node, PostgresAction action) {
        if (!cluster.isForeign(node) || node.isReinitializeOrdered()) {
            return;
        }
        boolean follows =
                action instanceof PostgresAction.Follow follow && follow.upstream().isPresent()
                        || action instanceof PostgresAction.StartStandby start
                                && start.upstream().isPresent();
        if (follows
                || action instanceof PostgresAction.Promote
                || action instanceof PostgresAction.Rewind
                || action instanceof PostgresAction.Reinitialize) {
            world.violated(
                    "I12",
                    node.name()
                            + " belongs to another cluster and does \""
                            + action.title()
                            + "\"");
        }
    }

    private void checkPause(Node node, String what) {
        // A member that gave the lease up and stopped its server itself brings it back as a
        // standby, also in maintenance mode; nobody else starts anything.
        boolean asked = node.orderedWithin(ORDER) || demoted.contains(node.name());
        if (node.seesPause() && cluster.store().pausedWithin(0) && !asked) {
            world.violated("I14", node.name() + " " + what + " in pause");
        }
    }

    @Override
    public void wipes(Node node, PostgresAction action) {
        boolean own =
                action instanceof PostgresAction.Clone
                        || action instanceof PostgresAction.Bootstrap
                        || node.isReinitializeOrdered();
        if (!own) {
            world.violated(
                    "I13",
                    node.name()
                            + " removes its data directory on its own account: "
                            + action.title());
        }
    }
}
