package io.matriarch.engine.simulation;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** All PostgreSQL instances and what flows between them. */
final class Fleet {
    private final World world;
    private final Network network;
    private final long bytesPerSecond;

    /** How often replication is looked at while nothing happens. */
    private static final Duration TICK = Duration.ofMillis(500);

    private final Map<String, Server> servers = new LinkedHashMap<>();
    private int systemIds;

    /**
     * @param bytesPerSecond what the clients of a primary write
     */
    Fleet(World world, Network network, long bytesPerSecond) {
        this.world = world;
        this.network = network;
        this.bytesPerSecond = bytesPerSecond;
        world.after(TICK, this::tick);
    }

    private void tick() {
        settle();
        world.after(TICK, this::tick);
    }

    Server add(String name) {
        Server server = new Server(world, name, this);
        servers.put(name, server);
        return server;
    }

    Optional<Server> find(String name) {
        return Optional.ofNullable(servers.get(name));
    }

    Collection<Server> servers() {
        return servers.values();
    }

    Network network() {
        return network;
    }

    long bytesPerSecond() {
        return bytesPerSecond;
    }

    /** What initdb would draw. */
    String newSystemId() {
        systemIds++;
        return Long.toString(7_300_000_000_000_000_000L + systemIds);
    }

    /** Call before anything changes that replication depends on. */
    void settle() {
        for (Server server : servers.values()) {
            server.settle();
        }
    }

    void lostUpstream(Server gone) {
        for (Server server : servers.values()) {
            if (server.streamsFrom(gone)) {
                server.upstreamLost();
            }
        }
    }

    void drainTo(Server stopping) {
        for (Server server : servers.values()) {
            server.drainFrom(stopping);
        }
    }

    long writers() {
        return servers.values().stream().filter(Server::takesWrites).count();
    }
}
