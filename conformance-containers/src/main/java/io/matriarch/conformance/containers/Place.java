package io.matriarch.conformance.containers;

import io.matriarch.conformance.server.LoopbackPorts;
import java.util.List;

/**
 * Where a server in a container listens.
 *
 * @param address all interfaces in a network of its own, and loopback in the machine's
 * @param port where its clients find it; the same on loopback of the machine, before and after it
 *     was started again
 * @param others ports for what only the server itself calls
 */
public record Place(String address, int port, List<Integer> others) {
    private static final int OTHERS = 4;

    public Place {
        others = List.copyOf(others);
    }

    /** A place whose ports nobody has now. */
    static Place free(String address) {
        List<Integer> ports = LoopbackPorts.free(OTHERS + 1);
        return new Place(address, ports.get(0), ports.subList(1, ports.size()));
    }

    /** {@code ADDRESS:PORT}, to listen on. */
    public String listen() {
        return address + ":" + port;
    }

    /** {@code ADDRESS:PORT}, for clients on this machine. */
    public String reached() {
        return "127.0.0.1:" + port;
    }
}
