package io.matriarch.conformance.proxy;

import io.matriarch.conformance.proxy.Weather.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection through the proxy: a thread for requests, one that reads replies, and one that
 * passes them on, so that a delayed reply does not hold up the reading of the next.
 */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int CHUNK = 16 * 1024;
    private static final int CONNECT_MILLIS = 5_000;

    /** Pieces of replies that wait in the proxy; beyond them the server has to wait. */
    private static final int WAITING = 64;

    /** A piece of a reply, or its end if it is empty. */
    private record Piece(byte[] bytes, long readAt) {
        boolean isEnd() {
            return bytes.length == 0;
        }
    }

    private final Socket client;
    private final Socket server = new Socket();
    private final InetSocketAddress serverAddress;
    private final Weather weather;
    private final Set<Connection> all;
    private final BlockingQueue<Piece> replies = new ArrayBlockingQueue<>(WAITING);
    private volatile boolean lostBytes;
    private volatile boolean silent;

    Connection(
            Socket client, InetSocketAddress serverAddress, Weather weather, Set<Connection> all) {
        this.client = client;
        this.serverAddress = serverAddress;
        this.weather = weather;
        this.all = all;
    }

    /** Whether what was sent over it has gaps, or nothing gets through it any more. */
    boolean broken() {
        return lostBytes || silent;
    }

    /** From now on it loses everything, in both directions, and never ends. */
    void silence() {
        silent = true;
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
            FaultProxy.daemon("proxy-replies", this::readReplies);
            FaultProxy.daemon("proxy-delivery", this::deliverReplies);
            forwardRequests();
        } catch (IOException e) {
            // The other side has to see what happened here: a refused or broken connection.
            LOG.debug("requests to {}: {}", serverAddress, e.getMessage());
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private void forwardRequests() throws IOException, InterruptedException {
        InputStream in = client.getInputStream();
        OutputStream out = server.getOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
            if (!weather.awaitPassage()) {
                return;
            }
            if (silent || weather.fault() == Fault.REQUESTS_DROPPED) {
                lostBytes = true;
            } else {
                out.write(chunk, 0, length);
            }
        }
        server.shutdownOutput();
    }

    private void readReplies() {
        try {
            InputStream in = server.getInputStream();
            byte[] chunk = new byte[CHUNK];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                enqueue(Arrays.copyOf(chunk, length));
            }
            enqueue(new byte[0]);
        } catch (IOException e) {
            LOG.debug("replies from {}: {}", serverAddress, e.getMessage());
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    /** Nobody takes pieces of a connection that was reset. */
    private void enqueue(byte[] bytes) throws InterruptedException {
        Piece piece = new Piece(bytes, System.nanoTime());
        while (!client.isClosed() && !replies.offer(piece, 1, TimeUnit.SECONDS)) {
            LOG.trace("{} waits for its client", serverAddress);
        }
    }

    private void deliverReplies() {
        try {
            OutputStream out = client.getOutputStream();
            for (Piece piece = nextPiece(); !piece.isEnd(); piece = nextPiece()) {
                weather.awaitReplyDelay(piece.readAt());
                if (!delivered(out, piece.bytes())) {
                    return;
                }
            }
            client.shutdownOutput();
            close();
        } catch (IOException e) {
            LOG.debug("replies to the client of {}: {}", serverAddress, e.getMessage());
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private Piece nextPiece() throws IOException, InterruptedException {
        Piece piece = replies.poll(1, TimeUnit.SECONDS);
        while (piece == null) {
            if (client.isClosed()) {
                throw new IOException("the connection was closed");
            }
            piece = replies.poll(1, TimeUnit.SECONDS);
        }
        return piece;
    }

    private boolean delivered(OutputStream out, byte[] bytes)
            throws IOException, InterruptedException {
        for (int passed = 0; passed < bytes.length; ) {
            if (!weather.awaitPassage()) {
                return false;
            }
            passed += reply(out, bytes, passed, bytes.length);
        }
        return true;
    }

    /** Passes on, or loses, as much of a reply as the weather lets through at once. */
    private int reply(OutputStream out, byte[] chunk, int from, int length)
            throws IOException, InterruptedException {
        Fault fault = weather.fault();
        if (silent || fault == Fault.REPLIES_DROPPED) {
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
