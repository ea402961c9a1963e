package io.matriarch.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Free ports of the loopback address. */
public final class Ports {
    private static final int FIRST = 10_000;

    /** The first that a system gives to outgoing connections: gVisor 16000, Linux 32768. */
    private static final int END = 16_000;

    private static final int TRIES = 200;

    private Ports() {}

    /**
     * So many different ports that nobody listened on a moment ago. A server keeps its port while
     * it is down, so it is none that an outgoing connection may be given meanwhile.
     */
    public static List<Integer> free(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ServerSocket socket = listening();
                held.add(socket);
                ports.add(socket.getLocalPort());
            }
            return ports;
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static ServerSocket listening() throws IOException {
        IOException last = new IOException("no port was tried");
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try {
                return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                last = e; // somebody listens there: another one will do
            }
        }
        throw last;
    }
}
