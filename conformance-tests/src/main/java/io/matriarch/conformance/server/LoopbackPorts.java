package io.matriarch.conformance.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers of a test. */
public final class LoopbackPorts {
    private static final int FIRST = 10_000;

    /** The first that a system usually gives to outgoing connections: gVisor 16000, Linux 32768. */
    static final int END = 16_000;

    private static final int TRIES = 200;

    private LoopbackPorts() {}

    /**
     * Ports that nobody listened on a moment ago, on any address; all different. They are none that
     * a system with usual settings gives to outgoing connections: a connection could take one
     * before the server does, or while it is restarted, and hold it.
     *
     * @throws UncheckedIOException if the system has none left
     */
    public static List<Integer> free(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            try {
                for (int i = 0; i < count; i++) {
                    sockets.add(listening());
                }
                return sockets.stream().map(ServerSocket::getLocalPort).toList();
            } finally {
                for (ServerSocket socket : sockets) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerSocket listening() throws IOException {
        IOException last = new IOException("no port was tried");
        for (int i = 0; i < TRIES; i++) {
            try {
                return new ServerSocket(ThreadLocalRandom.current().nextInt(FIRST, END));
            } catch (IOException e) {
                last = e; // somebody listens there: another one will do
            }
        }
        throw last;
    }
}
