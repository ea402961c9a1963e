package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.client.HostProvider;

/**
 * The servers, in an order of this client's own, one after the other. Names are looked up at each
 * attempt, because addresses behind a name change. Belongs to one handle, whose sending thread
 * calls it.
 *
 * <p>The library gives an attempt to connect the session's time divided by {@link #size}. That is
 * far too long to find out that one of three servers is frozen, hence the size that is told.
 */
final class Hosts implements HostProvider {
    /** Told of each attempt to connect, on the sending thread. */
    interface Attempts {
        /**
         * @param again whether an attempt before this one came to nothing
         */
        void next(InetSocketAddress server, boolean again);
    }

    private final List<InetSocketAddress> servers;
    private final int toldSize;
    private final Ticker ticker;
    private final Attempts attempts;
    private int next;
    private int sinceConnected;
    private volatile long attemptAt;

    Hosts(
            List<InetSocketAddress> servers,
            Duration session,
            Duration attempt,
            Ticker ticker,
            Attempts attempts) {
        this.servers = new ArrayList<>(servers);
        Collections.shuffle(this.servers);
        this.toldSize =
                (int)
                        Math.max(
                                servers.size(),
                                session.toMillis() / Math.max(1, attempt.toMillis()));
        this.ticker = ticker;
        this.attempts = attempts;
        this.attemptAt = ticker.nanos();
    }

    /** When the newest attempt to connect began. */
    long attemptAt() {
        return attemptAt;
    }

    @Override
    public int size() {
        return toldSize;
    }

    /** Blocks the sending thread for a moment after each server has been tried in vain. */
    @Override
    public InetSocketAddress next(long pauseMillis) {
        if (sinceConnected >= servers.size() && sinceConnected % servers.size() == 0) {
            pause(Math.min(pauseMillis, 100));
        }
        sinceConnected++;
        InetSocketAddress server = servers.get(next);
        next = (next + 1) % servers.size();
        InetSocketAddress found = resolved(server);
        attempts.next(found, sinceConnected > 1);
        attemptAt = ticker.nanos();
        return found;
    }

    private static InetSocketAddress resolved(InetSocketAddress server) {
        try {
            // The name stays with the address: TLS compares it with the certificate.
            InetAddress address = InetAddress.getByName(server.getHostString());
            return new InetSocketAddress(
                    InetAddress.getByAddress(server.getHostString(), address.getAddress()),
                    server.getPort());
        } catch (UnknownHostException e) {
            // The attempt fails with this name in its message, and the next one looks again.
            return server;
        }
    }

    private static void pause(long millis) {
        try {
            // The library asks for the next server and expects to be slowed down here.
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onConnected() {
        sinceConnected = 0;
    }

    @Override
    public boolean updateServerList(Collection<InetSocketAddress> list, InetSocketAddress current) {
        // The operator's list holds: the ensemble's own may name addresses that nobody reaches.
        return false;
    }
}
