package io.matriarch.engine.simulation;

import io.matriarch.engine.model.Tags;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.StorePort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that one run consists of. Passes what members do on to all observers. */
final class Cluster implements Observer {
    private final World world;
    private final Network network = new Network();
    private final Fleet fleet;
    private final StoreService store;
    private final ManagedMember.Factory factory;
    private final Wrapping wrapping;
    private final boolean drifting;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Observer> observers = new ArrayList<>();

    /** Puts something between a member and its ports: how bugs are planted. */
    interface Wrapping {
        default StorePort store(Node node, StorePort port) {
            return port;
        }

        default PostgresPort postgres(Node node, PostgresPort port) {
            return port;
        }

        /** Nothing in between. */
        Wrapping NONE = new Wrapping() {};
    }

    /**
     * @param bytesPerSecond what clients of a primary write
     * @param drifting whether clocks of daemons run up to 1 % off
     */
    Cluster(
            World world,
            ManagedMember.Factory factory,
            Wrapping wrapping,
            long bytesPerSecond,
            boolean drifting) {
        this.world = world;
        this.factory = factory;
        this.wrapping = wrapping;
        this.drifting = drifting;
        this.fleet = new Fleet(world, network, bytesPerSecond);
        this.store = new StoreService(world);
        store.onRecovery(() -> nodes.values().forEach(Node::storeReconnected));
    }

    Node add(String name, Tags tags, Map<String, Object> bootstrap) {
        Node node = new Node(world, this, name, tags, bootstrap);
        nodes.put(name, node);
        return node;
    }

    void observe(Observer observer) {
        observers.add(observer);
    }

    Optional<Node> find(String name) {
        return Optional.ofNullable(nodes.get(name));
    }

    Collection<Node> nodes() {
        return nodes.values();
    }

    World world() {
        return world;
    }

    Network network() {
        return network;
    }

    Fleet fleet() {
        return fleet;
    }

    StoreService store() {
        return store;
    }

    ManagedMember.Factory factory() {
        return factory;
    }

    boolean isDrifting() {
        return drifting;
    }

    StorePort wrap(Node node, StorePort port) {
        return wrapping.store(node, port);
    }

    PostgresPort wrap(Node node, PostgresPort port) {
        return wrapping.postgres(node, port);
    }

    /** Whether the node's data belong to another cluster. */
    boolean isForeign(Node node) {
        Optional<String> mine = node.server().systemId();
        return mine.isPresent()
                && store.systemId().filter(id -> !id.equals(mine.get())).isPresent();
    }

    /** The one write-enabled node that holds the lease by the store's word. */
    Optional<Node> servingPrimary() {
        return store.holder()
                .flatMap(this::find)
                .filter(node -> node.server().phase() == Server.Phase.PRIMARY);
    }

    @Override
    public void atStore(Node node, StoreCall.Operation operation) {
        observers.forEach(o -> o.atStore(node, operation));
    }

    @Override
    public void answered(Node node, StoreCall.Operation operation) {
        observers.forEach(o -> o.answered(node, operation));
    }

    @Override
    public void effect(Node node, Effect effect) {
        observers.forEach(o -> o.effect(node, effect));
    }

    @Override
    public void starts(Node node, PostgresAction action, boolean busy) {
        observers.forEach(o -> o.starts(node, action, busy));
    }

    @Override
    public void promotes(Node node) {
        observers.forEach(o -> o.promotes(node));
    }

    @Override
    public void wipes(Node node, PostgresAction action) {
        observers.forEach(o -> o.wipes(node, action));
    }
}
