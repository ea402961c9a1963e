package io.matriarch.conformance.proxy;

import io.matriarch.conformance.proxy.Weather.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection through the proxy: a thread for each direction. */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int CHUNK = 16 * 1024;
    private static final int CONNECT_MILLIS = 5_000;

    private final Socket client;
    private final Socket server = new Socket();
    private final InetSocketAddress serverAddress;
    private final Weather weather;
    private final Set<Connection> all;
    private volatile boolean lostBytes;

    Connection(
            Socket client, InetSocketAddress serverAddress, Weather weather, Set<Connection> all) {
        this.client = client;
        this.serverAddress = serverAddress;
        this.weather = weather;
        this.all = all;
    }

    boolean lostBytes() {
        return lostBytes;
    }

    /** Connects to the server as soon as the weather allows it, and carries both directions. */
    void carryRequests() {
        try {
            if (!weather.awaitPassage()) {
                return;
            }
            server.connect(serverAddress, CONNECT_MILLIS);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            FaultProxy.daemon("proxy-replies", this::carryReplies);
            carry(client, server, false);
        } catch (IOException e) {
            // The other side has to see what happened here: a refused or broken connection.
            LOG.debug("requests to {}: {}", serverAddress, e.getMessage());
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private void carryReplies() {
        try {
            carry(server, client, true);
            close();
        } catch (IOException e) {
            LOG.debug("replies from {}: {}", serverAddress, e.getMessage());
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private void carry(Socket from, Socket to, boolean replies)
            throws IOException, InterruptedException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
            if (replies) {
                weather.awaitReplyDelay();
            }
            for (int passed = 0; passed < length; ) {
                if (!weather.awaitPassage()) {
                    return;
                }
                passed += replies ? reply(out, chunk, passed, length) : all(out, chunk, length);
            }
        }
        to.shutdownOutput();
    }

    private static int all(OutputStream out, byte[] chunk, int length) throws IOException {
        out.write(chunk, 0, length);
        return length;
    }

    /** Passes on, or loses, as much of a reply as the weather lets through at once. */
    private int reply(OutputStream out, byte[] chunk, int from, int length)
            throws IOException, InterruptedException {
        Fault fault = weather.fault();
        if (fault == Fault.REPLIES_DROPPED) {
            lostBytes = true;
            return length - from;
        }
        if (fault == Fault.TRICKLING && !weather.awaitTrickle()) {
            return 0;
        }
        int count = fault == Fault.TRICKLING ? 1 : length - from;
        out.write(chunk, from, count);
        return count;
    }

    /** Ends the connection as a crashed peer would: without a goodbye. */
    void reset() {
        abort(client);
        abort(server);
        all.remove(this);
    }

    private static void abort(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            LOG.debug("socket is closed already: {}", e.getMessage());
        }
        close(socket);
    }

    private void close() {
        close(client);
        close(server);
        all.remove(this);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing: {}", e.getMessage());
        }
    }
}
