package io.matriarch.conformance.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers of a test. */
public final class LoopbackPorts {
    private static final Path OUTGOING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int FIRST = 10_000;
    private static final int ENOUGH = 5_000;
    private static final int TRIES = 200;

    private LoopbackPorts() {}

    /**
     * Ports that nobody listened on a moment ago, on any address; all different. They are none that
     * the system gives to outgoing connections, if it tells which these are: a connection could
     * take one before the server does, and hold it.
     *
     * @throws UncheckedIOException if the system has none left
     */
    public static List<Integer> free(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            int end = firstOutgoing();
            try {
                for (int i = 0; i < count; i++) {
                    sockets.add(end - FIRST < ENOUGH ? new ServerSocket(0) : below(end));
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

    /** 0 if it is not known. */
    private static int firstOutgoing() throws IOException {
        return Files.isReadable(OUTGOING)
                ? Integer.parseInt(Files.readString(OUTGOING).trim().split("\\s+")[0])
                : 0;
    }

    private static ServerSocket below(int end) throws IOException {
        IOException last = new IOException("no port was tried");
        for (int i = 0; i < TRIES; i++) {
            try {
                return new ServerSocket(ThreadLocalRandom.current().nextInt(FIRST, end));
            } catch (IOException e) {
                last = e; // somebody listens there: another one will do
            }
        }
        throw last;
    }
}
