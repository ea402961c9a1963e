package io.matriarch.lab;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network cable between a port and a server on this machine, which can be cut. While it is cut
 * nothing passes, in either direction, and no connection is refused or reset: the two ends hear
 * nothing, as with a lost host. What was on its way arrives when the cable is mended.
 */
public final class Relay implements Closeable {
    private static final int CONNECT_MILLIS = 1000;
    private static final int CHUNK = 16 * 1024;

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private boolean cut;
    private boolean closed;

    /** Listens on {@code port} of the loopback address and passes on to {@code target} there. */
    public Relay(int port, int target) throws IOException {
        this.server = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
        this.target = target;
    }

    public Relay start() {
        spawn("accept", this::accept);
        return this;
    }

    public synchronized void cut() {
        cut = true;
    }

    public synchronized void mend() {
        cut = false;
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        server.close();
        open.forEach(Relay::closeQuietly);
    }

    private synchronized boolean awaitWhole() throws InterruptedException {
        while (cut && !closed) {
            wait();
        }
        return !closed;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                spawn("connect", () -> connect(client));
            }
        } catch (IOException e) {
            // The listening socket was closed: the relay has ended.
            open.forEach(Relay::closeQuietly);
        }
    }

    private void connect(Socket client) {
        Socket upstream = new Socket();
        open.add(upstream);
        try {
            if (!awaitWhole()) {
                return;
            }
            upstream.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), target),
                    CONNECT_MILLIS);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            spawn("back", () -> pump(upstream, client));
            pump(client, upstream);
        } catch (IOException e) {
            // Nobody listens behind the relay: the client sees its connection end.
            drop(client, upstream);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            drop(client, upstream);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[CHUNK];
        try {
            int count = from.getInputStream().read(buffer);
            while (awaitWhole() && count >= 0) {
                to.getOutputStream().write(buffer, 0, count);
                count = from.getInputStream().read(buffer);
            }
        } catch (IOException e) {
            // One end went away; the other learns of it below, once the cable is whole.
            awaitWholeOrClosed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            drop(from, to);
        }
    }

    private void awaitWholeOrClosed() {
        try {
            awaitWhole();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drop(Socket one, Socket other) {
        closeQuietly(one);
        closeQuietly(other);
        open.remove(one);
        open.remove(other);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed or broken, neither end hears of it again: there is nothing left to do.
            return;
        }
    }

    private static void spawn(String name, Runnable work) {
        Thread thread = new Thread(work, "relay-" + name);
        thread.setDaemon(true);
        thread.start();
    }
}
