package io.matriarch.conformance.proxy;

import io.matriarch.conformance.proxy.Weather.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards TCP connections from a free port of loopback to one server, and spoils them on demand.
 *
 * <p>The faults behave as a network does below TCP. Bytes that meet a black hole arrive when it
 * ends, late and in order, as retransmitted segments would: a request that its sender has given up
 * may still reach the server. Dropped replies never arrive: connections that lost some are reset
 * when the fault ends. All threads are daemon threads and end with {@link #close}. Safe for use by
 * any thread.
 */
public final class FaultProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FaultProxy.class);

    private final InetSocketAddress server;
    private final ServerSocket listener;
    private final Weather weather = new Weather();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    private FaultProxy(InetSocketAddress server, ServerSocket listener) {
        this.server = server;
        this.listener = listener;
    }

    /**
     * Starts a proxy before a server, which need not be there yet.
     *
     * @throws UncheckedIOException if no port can be had
     */
    public static FaultProxy before(InetSocketAddress server) {
        try {
            // Without its name, behind which clients may find another address as well.
            InetAddress loopback =
                    InetAddress.getByAddress(InetAddress.getLoopbackAddress().getAddress());
            ServerSocket listener = new ServerSocket(0, 0, loopback);
            FaultProxy proxy = new FaultProxy(server, listener);
            daemon("proxy-accept", proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on loopback", e);
        }
    }

    /** Where clients connect instead of to the server: an address of loopback, without a name. */
    public InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** Accepts connections and bytes and passes none on until {@link #heal}, in no direction. */
    public void blackHole() {
        weather.set(Fault.BLACK_HOLE, Duration.ZERO);
    }

    /** Throws requests away; what the server says of itself arrives. */
    public void dropRequests() {
        weather.set(Fault.REQUESTS_DROPPED, Duration.ZERO);
    }

    /**
     * Lets the connections that there are fall silent for ever, as a middlebox does that forgot
     * them. New ones work.
     */
    public void halfOpen() {
        weather.set(Fault.NONE, Duration.ZERO);
        connections.forEach(Connection::silence);
    }

    /** Passes requests on and throws the replies away. */
    public void dropReplies() {
        weather.set(Fault.REPLIES_DROPPED, Duration.ZERO);
    }

    /** Passes each piece of a reply on this much later. */
    public void delayReplies(Duration delay) {
        weather.set(Fault.NONE, delay);
    }

    /** Passes replies on one byte at a time, {@value Weather#TRICKLE_MILLIS} ms apart. */
    public void trickleReplies() {
        weather.set(Fault.TRICKLING, Duration.ZERO);
    }

    /** Resets all connections, and each new one at once. */
    public void cut() {
        weather.set(Fault.CUT, Duration.ZERO);
        reset();
    }

    /** Resets the connections that there are; new ones work. */
    public void reset() {
        connections.forEach(Connection::reset);
    }

    /** Forwards again. Connections that lost bytes or fell silent are reset. */
    public void heal() {
        weather.set(Fault.NONE, Duration.ZERO);
        connections.stream().filter(Connection::broken).forEach(Connection::reset);
    }

    /** How many connections there are now. */
    public int connections() {
        return connections.size();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            LOG.warn("closing the proxy's port: {}", e.getMessage());
        }
        weather.end();
        reset();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Connection connection = new Connection(client, server, weather, connections);
                connections.add(connection);
                if (weather.fault() == Fault.CUT || listener.isClosed()) {
                    connection.reset();
                } else {
                    daemon("proxy-requests", connection::carryRequests);
                }
            } catch (IOException e) {
                // Closing the port ends accept() this way; anything else is worth a line.
                if (!listener.isClosed()) {
                    LOG.warn("accepting a connection: {}", e.getMessage());
                }
            }
        }
    }

    static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
