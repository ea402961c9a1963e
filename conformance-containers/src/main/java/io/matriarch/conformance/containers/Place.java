package io.matriarch.conformance.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
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
        List<ServerSocket> held = new ArrayList<>();
        try {
            try {
                for (int i = 0; i <= OTHERS; i++) {
                    held.add(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()));
                }
            } finally {
                for (ServerSocket each : held) {
                    each.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no free ports on loopback", e);
        }
        List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
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
