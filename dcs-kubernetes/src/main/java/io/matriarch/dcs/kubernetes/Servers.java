package io.matriarch.dcs.kubernetes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * The addresses to try, the one that answered last first. Without a list of single API servers it
 * is the configured address alone; with one, that address comes last. Thread-safe.
 */
final class Servers {
    /** Where a cluster lists its API servers. */
    static final String LIST = "/api/v1/namespaces/default/endpoints/kubernetes";

    private final Supplier<Server> configured;
    private List<Server> listed = List.of();
    private List<Server> order = List.of();

    Servers(Supplier<Server> configured) {
        this.configured = configured;
    }

    List<Server> order() {
        Server last = configured.get();
        synchronized (this) {
            List<Server> all = new ArrayList<>(order);
            if (!all.contains(last)) {
                all.add(last);
            }
            return all;
        }
    }

    synchronized void answered(Server server) {
        if (order.contains(server) && !order.get(0).equals(server)) {
            List<Server> moved = new ArrayList<>(order);
            moved.remove(server);
            moved.add(0, server);
            order = moved;
        }
    }

    synchronized void failed(Server server) {
        if (order.contains(server)) {
            List<Server> moved = new ArrayList<>(order);
            moved.remove(server);
            moved.add(server);
            order = moved;
        }
    }

    /** Takes the Endpoints of the API servers; members begin at different ones. */
    synchronized void learn(JsonNode endpoints) {
        List<Server> found = new ArrayList<>();
        for (JsonNode subset : endpoints.path("subsets")) {
            for (JsonNode port : subset.path("ports")) {
                if (!port.path("name").asString("").equals("https")) {
                    continue;
                }
                for (JsonNode address : subset.path("addresses")) {
                    found.add(
                            Server.behindService(
                                    address.path("ip").asString(""), port.path("port").asInt(443)));
                }
            }
        }
        if (found.size() == listed.size() && listed.containsAll(found)) {
            return;
        }
        listed = List.copyOf(found);
        List<Server> kept = new ArrayList<>(order);
        kept.retainAll(found);
        found.removeAll(kept);
        Collections.shuffle(found);
        kept.addAll(found);
        order = kept;
    }

    /** Back to the configured address. */
    synchronized void forget() {
        listed = List.of();
        order = List.of();
    }

    synchronized boolean known() {
        return !order.isEmpty();
    }
}
