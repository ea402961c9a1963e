package io.matriarch.engine.simulation;

import io.matriarch.engine.port.MemberControl.RestartOrder;
import io.matriarch.spi.EntryKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can happen to a cluster from outside: things that break, and operators. */
final class Faults {
    private final Cluster cluster;
    private final World world;
    private final Timing timing;
    private boolean ended;

    Faults(Cluster cluster, Timing timing) {
        this.cluster = cluster;
        this.world = cluster.world();
        this.timing = timing;
    }

    /** Something random happens now, and later ends. */
    void strike() {
        if (ended) {
            return;
        }
        Node node = target();
        switch (world.pick(18)) {
            case 0, 1 -> cutFromStore(node);
            case 2 -> storeOutage();
            case 3, 4 -> crashPostgres(node);
            case 5, 6 -> slowPostgres(node);
            case 7 -> cutPair(node);
            case 8 -> isolate(node);
            case 9 -> freeze(node);
            case 10 -> killDaemon(node);
            case 11 -> crashMachine(node);
            case 12, 13 -> handover();
            case 14 -> pause();
            case 15 -> restart(node);
            case 16 -> reinitialize();
            default -> shutDown(node);
        }
    }

    /** More often the primary than chance would have it. */
    private Node target() {
        Optional<Node> primary = cluster.servingPrimary();
        if (primary.isPresent() && world.chance(0.5)) {
            return primary.get();
        }
        return world.pick(List.copyOf(cluster.nodes()));
    }

    private void lasting(long leastMillis, long mostMillis, Runnable end) {
        world.after(
                world.millis(leastMillis, mostMillis),
                () -> {
                    if (!ended) {
                        end.run();
                    }
                });
    }

    private void trace(String what) {
        world.trace("##", what);
    }

    // ---- the store

    private void cutFromStore(Node node) {
        StoreLink link = node.storeLink();
        int how = world.pick(6);
        switch (how) {
            case 0 -> link.cutRequests();
            case 1 -> link.cutReplies();
            case 2 -> link.refuse();
            case 3 -> link.slowDown();
            case 4 -> link.lose(0.3);
            default -> {
                link.cutRequests();
                link.cutReplies();
            }
        }
        trace(
                node.name()
                        + " to the store: "
                        + List.of(
                                        "requests vanish",
                                        "replies vanish",
                                        "refused",
                                        "slow",
                                        "replies get lost",
                                        "cut")
                                .get(how));
        lasting(500, 60_000, () -> mendStoreLink(node));
    }

    private void mendStoreLink(Node node) {
        trace(node.name() + " to the store: mended");
        node.storeLink().mend();
        node.storeReconnected();
    }

    private void storeOutage() {
        StoreService.State state =
                world.pick(
                        List.of(
                                StoreService.State.SLOW,
                                StoreService.State.STOPPED,
                                StoreService.State.FROZEN));
        trace("the store is " + state);
        cluster.store().set(state);
        lasting(
                500,
                50_000,
                () -> {
                    trace("the store is well");
                    cluster.store().set(StoreService.State.HEALTHY);
                });
    }

    // ---- PostgreSQL

    private void crashPostgres(Node node) {
        trace("PostgreSQL of " + node.name() + " is killed");
        if (world.chance(0.2)) {
            node.server().tempo().failsToStart = true;
            lasting(2_000, 40_000, () -> node.server().tempo().failsToStart = false);
        }
        node.server().crash();
    }

    private void slowPostgres(Node node) {
        Server.Tempo tempo = node.server().tempo();
        int how = world.pick(4);
        trace(
                node.name()
                        + " has become slow: "
                        + List.of("sessions", "checkpoint", "start", "replication").get(how));
        switch (how) {
            case 0 -> tempo.slowStop = true;
            case 1 -> tempo.slowCheckpoint = true;
            case 2 -> tempo.slowStart = true;
            default -> tempo.laggingReplication = true;
        }
        lasting(5_000, 60_000, () -> heal(tempo));
    }

    private static void heal(Server.Tempo tempo) {
        tempo.slowStop = false;
        tempo.slowCheckpoint = false;
        tempo.slowStart = false;
        tempo.failsToStart = false;
        tempo.laggingReplication = false;
    }

    // ---- the network

    private void cutPair(Node node) {
        Node other = world.pick(List.copyOf(cluster.nodes()));
        boolean oneWay = world.chance(0.4);
        cluster.fleet().settle();
        cluster.network().cut(node.name(), other.name());
        if (!oneWay) {
            cluster.network().cut(other.name(), node.name());
        }
        trace(node.name() + " to " + other.name() + ": cut" + (oneWay ? " one way" : ""));
        lasting(
                1_000,
                60_000,
                () -> {
                    cluster.fleet().settle();
                    trace(node.name() + " to " + other.name() + ": mended");
                    cluster.network().mendBoth(node.name(), other.name());
                });
    }

    private void isolate(Node node) {
        trace(node.name() + " is cut off from everybody");
        cluster.fleet().settle();
        node.storeLink().cutRequests();
        cluster.nodes().stream()
                .filter(other -> other != node)
                .forEach(other -> cluster.network().cutBoth(node.name(), other.name()));
        lasting(
                1_000,
                60_000,
                () -> {
                    cluster.fleet().settle();
                    cluster.nodes().forEach(o -> cluster.network().mendBoth(node.name(), o.name()));
                    mendStoreLink(node);
                });
    }

    // ---- daemons and machines

    private void freeze(Node node) {
        node.freezeDaemon();
        lasting(100, world.chance(0.5) ? 2_000 : 45_000, node::thawDaemon);
    }

    private void killDaemon(Node node) {
        node.killDaemon();
        lasting(500, 40_000, node::startDaemon);
    }

    private void crashMachine(Node node) {
        trace(node.name() + " loses power");
        node.killDaemon();
        node.server().crash();
        lasting(5_000, 60_000, node::startDaemon);
    }

    private void shutDown(Node node) {
        if (node.isDaemonRunning()) {
            node.ordered();
            node.shutDownDaemon();
            restartWhenGone(node);
        }
    }

    private void restartWhenGone(Node node) {
        lasting(
                3_000,
                20_000,
                () -> {
                    if (node.lane().isEmpty()) {
                        node.startDaemon();
                    } else {
                        restartWhenGone(node);
                    }
                });
    }

    // ---- operators

    private void handover() {
        Optional<Node> primary = cluster.servingPrimary();
        List<Node> others =
                new ArrayList<>(
                        cluster.nodes().stream()
                                .filter(n -> primary.stream().noneMatch(p -> p == n))
                                .toList());
        if (primary.isEmpty() || others.isEmpty()) {
            return;
        }
        String candidate = world.pick(others).name();
        String leader = primary.get().name();
        String text =
                switch (world.pick(3)) {
                    case 0 -> "{\"leader\":\"" + leader + "\"}";
                    case 1 -> "{\"leader\":\"" + leader + "\",\"member\":\"" + candidate + "\"}";
                    default -> "{\"member\":\"" + candidate + "\"}";
                };
        trace("operator writes failover = " + text);
        cluster.nodes().forEach(Node::ordered);
        cluster.store().put(EntryKind.FAILOVER, text);
    }

    private void pause() {
        trace("operator: pause");
        cluster.store().put(EntryKind.CONFIG, timing.json(true));
        lasting(
                5_000,
                60_000,
                () -> {
                    trace("operator: resume");
                    cluster.store().put(EntryKind.CONFIG, timing.json(false));
                });
    }

    private void restart(Node node) {
        node.lane()
                .ifPresent(
                        lane -> {
                            trace("operator restarts PostgreSQL of " + node.name());
                            node.ordered();
                            lane.execute(
                                    () ->
                                            node.control()
                                                    .orElseThrow()
                                                    .restart(
                                                            RestartOrder.UNCONDITIONAL,
                                                            Optional.empty()));
                        });
    }

    private void reinitialize() {
        List<Node> standbys =
                cluster.nodes().stream()
                        .filter(n -> n.server().phase() == Server.Phase.STANDBY)
                        .filter(Node::isDaemonRunning)
                        .toList();
        if (!standbys.isEmpty()) {
            Node node = world.pick(standbys);
            trace("operator reinitialises " + node.name());
            node.reinitializeOrdered();
            node.lane()
                    .orElseThrow()
                    .execute(() -> node.control().orElseThrow().reinitialize(false, true));
        }
    }

    // ---- the end

    /** Everything works again, and every daemon runs. */
    void end() {
        ended = true;
        trace("all faults end");
        cluster.fleet().settle();
        cluster.network().mendAll();
        cluster.store().set(StoreService.State.HEALTHY);
        cluster.store().put(EntryKind.CONFIG, timing.json(false));
        for (Node node : cluster.nodes()) {
            heal(node.server().tempo());
            mendStoreLink(node);
            node.thawDaemon();
            if (node.isLeaving()) {
                startAfterShutdown(node);
            } else {
                node.startDaemon();
            }
        }
    }

    private void startAfterShutdown(Node node) {
        if (node.lane().isEmpty()) {
            node.startDaemon();
        } else {
            world.after(world.millis(1_000, 1_000), () -> startAfterShutdown(node));
        }
    }
}
