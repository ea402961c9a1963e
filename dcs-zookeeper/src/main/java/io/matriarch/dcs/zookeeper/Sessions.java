package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session of this instance and, after a change of the ttl, the next one beside it. ZooKeeper
 * cannot change the time of a session, so the records are moved to a new one while the old one is
 * still alive. Safe for use by any thread.
 */
final class Sessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    /** How often somebody who waits looks whether the time of the session is over. */
    private static final Duration GLANCE = Duration.ofMillis(500);

    private final Function<Duration, Connection> opening;
    private final Duration attempt;
    private Connection current;
    private Optional<Connection> next = Optional.empty();
    private Optional<Connection> former = Optional.empty();
    private boolean closed;

    /**
     * @param opening makes a connection with this session time
     * @param attempt how long a session of the new time is waited for while the old one would do
     */
    Sessions(Function<Duration, Connection> opening, Duration ttl, Duration attempt) {
        this.opening = opening;
        this.attempt = attempt;
        this.current = opening.apply(ttl);
    }

    void start() {
        connection().start();
    }

    private synchronized Connection connection() {
        return current;
    }

    /** Called whenever a connection came or went. */
    synchronized void changed() {
        notifyAll();
    }

    /** The time of the session that is in use, or else the one that will be asked for. */
    synchronized Duration effectiveTtl() {
        return current.live()
                .map(live -> Duration.ofNanos(live.sessionNanos()))
                .orElse(current.session());
    }

    synchronized Duration wantedTtl() {
        return next.orElse(current).session();
    }

    synchronized boolean mine(long session) {
        return isOf(Optional.of(current), session) || isOf(next, session) || isOf(former, session);
    }

    private static boolean isOf(Optional<Connection> connection, long session) {
        return connection
                .flatMap(Connection::live)
                .filter(live -> live.session() == session)
                .isPresent();
    }

    /** The connection that there is, for whoever does not want to wait. */
    synchronized Optional<Live> live() {
        return current.live();
    }

    /**
     * Waits for a connection.
     *
     * @throws DcsException.NotApplied if there is none by the deadline; nothing was sent then
     */
    Live live(String what, Deadline deadline) {
        if (deadline.passed()) {
            throw new DcsException.NotApplied(what + ": no time left to ask ZooKeeper");
        }
        Deadline patience = deadline.atMost(attempt);
        boolean revived = false;
        while (true) {
            Optional<Live> found = found(patience, deadline);
            if (found.isPresent()) {
                return found.get();
            }
            if (!revived || connection().rejected().isEmpty()) {
                connection().revive();
                revived = true;
            }
            synchronized (this) {
                if (current.rejected().isPresent()) {
                    DcsException.Misconfigured why = current.rejected().get();
                    throw new DcsException.Misconfigured(why.getMessage(), why);
                }
                if (closed || deadline.passed()) {
                    throw new DcsException.NotApplied(
                            what + ": no connection to ZooKeeper at " + current.servers());
                }
            }
        }
    }

    private synchronized Optional<Live> found(Deadline patience, Deadline deadline) {
        long glanceEnd = System.nanoTime() + GLANCE.toNanos();
        while (true) {
            if (next.flatMap(Connection::live).isPresent()) {
                former.ifPresent(Connection::close);
                former = Optional.of(current);
                current = next.get();
                next = Optional.empty();
            }
            if (current.live().isPresent() && (next.isEmpty() || patience.passed())) {
                return current.live();
            }
            long left = Math.min(deadline.remainingNanos(), glanceEnd - System.nanoTime());
            if (next.isPresent() && current.live().isPresent()) {
                left = Math.min(left, patience.remainingNanos());
            }
            if (left <= 0 || closed || current.rejected().isPresent()) {
                return Optional.empty();
            }
            waited(left);
        }
    }

    private void waited(long nanos) {
        try {
            // The extra millisecond keeps a remainder below one from being a wait for ever.
            TimeUnit.NANOSECONDS.timedWait(this, nanos + 1_000_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DcsException.NotApplied("interrupted while waiting for ZooKeeper", e);
        }
    }

    /** Asks for another session time. The session that there is lives on until it is replaced. */
    void ttl(Duration ttl) {
        Connection fresh;
        synchronized (this) {
            if (closed || wantedTtl().equals(ttl)) {
                return;
            }
            next.ifPresent(Connection::close);
            fresh = opening.apply(ttl);
            next = Optional.of(fresh);
        }
        LOG.info("asking ZooKeeper for a session of {} s", ttl.toSeconds());
        fresh.start();
    }

    /**
     * Nothing is bound to the former session any more, as far as this instance can tell. It is left
     * to expire, for the case that something is.
     */
    synchronized void leaveFormer() {
        former.ifPresent(Connection::close);
        former = Optional.empty();
    }

    @Override
    public synchronized void close() {
        closed = true;
        current.close();
        next.ifPresent(Connection::close);
        former.ifPresent(Connection::close);
        notifyAll();
    }
}
