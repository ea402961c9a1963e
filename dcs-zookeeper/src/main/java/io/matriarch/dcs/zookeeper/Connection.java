package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.curator.CuratorZookeeperClient;
import org.apache.curator.ensemble.fixed.FixedEnsembleProvider;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Curator client: a session, and after its end the next one, with one and the same requested
 * time. Tells its observer of each connection. Nothing is concluded from a lost connection but that
 * nothing can be sent. Safe for use by any thread.
 */
final class Connection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /**
     * Leaders ping their followers twice a tick, and ticks of up to 3 s are allowed for. A session
     * is at least two ticks long, unless the operator says otherwise.
     */
    private static final Duration PING = Duration.ofSeconds(2);

    /** Told of changes, on the event thread of the library: must not block. */
    interface Observer {
        /**
         * A connection was established; requests that are sent now come before all others.
         *
         * @param newSession whether the session is new too, so that nothing is watched yet
         */
        void connected(Live live, boolean newSession);

        /** The connection that there was is gone. */
        void changed();
    }

    private final ZooKeeperSettings settings;
    private final TlsStores tls;
    private final Duration session;
    private final Duration attempt;
    private final Ticker ticker;
    private final boolean endsSession;
    private final Observer observer;
    private final CuratorZookeeperClient curator;
    private volatile Optional<Live> live = Optional.empty();
    private volatile Optional<DcsException.Misconfigured> rejected = Optional.empty();
    private final AtomicBoolean refused = new AtomicBoolean();

    /** When the time of a session is over whose connection is gone. */
    private final AtomicReference<Optional<Long>> overAt = new AtomicReference<>(Optional.empty());

    /**
     * @param session the time that is asked for
     * @param attempt what one attempt to connect may take
     * @param endsSession whether closing ends the session
     */
    Connection(
            ZooKeeperSettings settings,
            TlsStores tls,
            Duration session,
            Duration attempt,
            Ticker ticker,
            boolean endsSession,
            Observer observer) {
        this.settings = settings;
        this.tls = tls;
        this.session = session;
        this.attempt = attempt;
        this.ticker = ticker;
        this.endsSession = endsSession;
        this.observer = observer;
        int millis = Math.toIntExact(session.toMillis());
        this.curator =
                new CuratorZookeeperClient(
                        this::handle,
                        new FixedEnsembleProvider(settings.connectString(), false),
                        millis,
                        millis,
                        event -> {},
                        // Repeating is for those who know the deadline.
                        (retries, elapsedMillis, sleeper) -> false,
                        false);
    }

    void start() {
        try {
            curator.start();
        } catch (DcsException.Misconfigured e) {
            throw e;
        } catch (Exception e) { // Curator declares no less
            throw new DcsException.Misconfigured(
                    "the connection to ZooKeeper cannot be set up ("
                            + e
                            + "); correct "
                            + settings.section(),
                    e);
        }
    }

    Duration session() {
        return session;
    }

    /** For messages. */
    String servers() {
        return settings.connectString();
    }

    /** The library knows earlier than its events tell that a connection is gone. */
    Optional<Live> live() {
        return live.filter(known -> known.handle().getState().isConnected());
    }

    /** Why no connection will ever be established with these settings. */
    Optional<DcsException.Misconfigured> rejected() {
        return rejected.or(tls::distrusted);
    }

    /**
     * Begins another session if the time of this one is over. The library would go on asking for
     * it, and each question that arrives is a sign of life: if only the replies are lost, the
     * session and its records would stay for ever. The library also gives up for good when its
     * credentials were rejected, and they may have been corrected since.
     */
    void revive() {
        try {
            if (refused.compareAndSet(true, false)) {
                rejected = Optional.empty();
                curator.reset();
            } else if (givenUp()) {
                LOG.warn(
                        "no server of {} answered for the time of the session, beginning a new one",
                        servers());
                curator.reset();
            } else {
                curator.getZooKeeper();
            }
        } catch (DcsException.Misconfigured e) {
            rejected = Optional.of(e);
        } catch (InterruptedException e) {
            // The caller waits next, and so learns of it.
            Thread.currentThread().interrupt();
        } catch (Exception e) { // Curator declares no less
            // Not connected, which the caller finds out and waits for anyway.
            LOG.debug("no connection to ZooKeeper yet: {}", e.toString());
        }
    }

    private boolean givenUp() {
        Optional<Long> over = overAt.get();
        return over.filter(end -> end - ticker.nanos() <= 0).isPresent()
                && overAt.compareAndSet(over, Optional.empty());
    }

    private ZooKeeper handle(
            String connectString, int millis, Watcher curatorsWatcher, boolean readOnly)
            throws Exception {
        Line line = new Line(curatorsWatcher);
        line.hosts = new Hosts(settings.hosts(), session, attempt, ticker, tls::beforeAttempt);
        Handle handle =
                new Handle(connectString, millis, line, line.hosts, tls.config(), endsSession);
        line.handle.complete(handle);
        for (Map.Entry<String, String> auth : settings.auths().entrySet()) {
            handle.addAuthInfo(auth.getKey(), Stored.bytes(auth.getValue()));
        }
        return handle;
    }

    /** What to tell an operator when the servers grant another time than was asked for. */
    static String difference(Duration wanted, Duration granted) {
        int sign = granted.compareTo(wanted);
        if (sign > 0) {
            return "ZooKeeper grants no session shorter than "
                    + granted.toMillis()
                    + " ms (minSessionTimeout, or twice tickTime), so that is the ttl";
        }
        return sign == 0
                ? ""
                : "ZooKeeper grants no session longer than "
                        + granted.toMillis()
                        + " ms, so that is the ttl: lower ttl, or raise maxSessionTimeout of the"
                        + " servers";
    }

    /** What happens to one handle. */
    private final class Line implements Watcher {
        private final Watcher curators;
        private final CompletableFuture<Handle> handle = new CompletableFuture<>();
        private Hosts hosts;
        private boolean before;

        Line(Watcher curators) {
            this.curators = curators;
        }

        @Override
        public void process(WatchedEvent event) {
            if (event.getType() == Event.EventType.None) {
                switch (event.getState()) {
                    case SyncConnected -> connected();
                    case AuthFailed -> refused();
                    case Expired -> {
                        LOG.warn("ZooKeeper ended the session of this client, beginning a new one");
                        gone();
                        overAt.set(Optional.empty());
                    }
                    default -> gone();
                }
            }
            curators.process(event);
        }

        private void connected() {
            // The library may report before its constructor has returned.
            Handle mine = handle.join();
            long granted = TimeUnit.MILLISECONDS.toNanos(mine.getSessionTimeout());
            long ping = Math.min(PING.toNanos(), granted / 4);
            Live fresh = new Live(mine, ticker, granted, hosts.attemptAt(), ping);
            boolean newSession = !before;
            before = true;
            rejected = Optional.empty();
            tls.connected();
            if (newSession) {
                LOG.info(
                        "ZooKeeper granted session {} for {} ms",
                        Long.toHexString(fresh.session()),
                        mine.getSessionTimeout());
                String difference = difference(session, Duration.ofNanos(granted));
                if (!difference.isEmpty()) {
                    LOG.warn("{}", difference);
                }
            }
            overAt.set(Optional.empty());
            observer.connected(fresh, newSession);
            live = Optional.of(fresh);
            observer.changed();
        }

        private void gone() {
            live.ifPresent(lost -> overAt.set(Optional.of(ticker.nanos() + lost.sessionNanos())));
            live = Optional.empty();
            observer.changed();
        }

        private void refused() {
            rejected = Optional.of(Calls.credentials("", settings.section()));
            refused.set(true);
            gone();
        }
    }

    @Override
    public void close() {
        curator.close();
    }
}
