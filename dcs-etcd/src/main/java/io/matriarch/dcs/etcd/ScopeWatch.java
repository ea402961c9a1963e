package io.matriarch.dcs.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the scope and tells the listener. One thread starts a watch, asks it for a sign of life
 * at intervals, and starts another one at the revision after the last event as soon as it ends, is
 * silent, or its connection is thrown away. The library resumes watches on its own, but not always,
 * and never on another endpoint; so its attempts are cut short and all restarts happen here.
 *
 * <p>A new watch is announced by one hint without a kind: it covers what was changed between a
 * snapshot and the start of the first watch, and wakes a member that lost sight of the store.
 */
final class ScopeWatch implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScopeWatch.class);
    private static final Duration PAUSE = Duration.ofMillis(250);

    /**
     * How often the watch is asked for a sign of life. An endpoint that froze is left after two to
     * three of them: what happens meanwhile is told that late.
     */
    private static final Duration CHECK = Duration.ofSeconds(1);

    private static final int SILENT_CHECKS = 1;

    private final Keys keys;
    private final Calls calls;
    private final Connections connections;
    private final Topology topology;
    private final Ticker ticker;
    private final DcsListener listener;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Duration rediscovery;

    /** Used by the watch's thread, and by a stream's callbacks while that stream is the current. */
    private volatile long next;

    private volatile Optional<String> leader = Optional.empty();
    private volatile boolean answersProbes;

    ScopeWatch(
            Keys keys,
            Calls calls,
            Connections connections,
            Topology topology,
            Ticker ticker,
            DcsListener listener) {
        this.keys = keys;
        this.calls = calls;
        this.connections = connections;
        this.topology = topology;
        this.ticker = ticker;
        this.listener = listener;
        this.rediscovery = Duration.ofMinutes(5);
        this.thread = new Thread(this, "etcd-watch");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void timing(Duration ttl) {
        rediscovery = ttl.multipliedBy(10);
    }

    @Override
    public void run() {
        try {
            topology.resolve();
            do {
                watchUntilItEnds();
            } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.warn("the watch of etcd was interrupted and is not started again", e);
        }
    }

    private void watchUntilItEnds() throws InterruptedException {
        try {
            watchOnce();
        } catch (DcsException | StoreRejected e) {
            if (closed.getCount() > 0) {
                LOG.debug("cannot watch etcd: {}", e.getMessage());
                topology.resolve();
            }
        } catch (RuntimeException e) {
            LOG.error("the watch of etcd failed and is started again", e);
        }
    }

    private void watchOnce() throws InterruptedException {
        Deadline deadline = Deadline.after(ticker, Duration.ofSeconds(5));
        lookAround(deadline);
        // One at a time, and looking around has just found who answers: two would tell all twice.
        Stream stream =
                calls.call(
                        "watching the scope",
                        Calls.Repeat.HARMLESS,
                        deadline,
                        c -> new Stream(c).open());
        try {
            tell(Set.of());
            topology.discover();
            supervise(stream);
        } finally {
            stream.close();
        }
    }

    /** Finds where to start if nothing was seen yet, or if the store was set back. */
    private void lookAround(Deadline deadline) {
        GetResponse now =
                calls.call(
                        "looking for the revision",
                        Calls.Repeat.READ,
                        deadline,
                        client -> client.getKVClient().get(keys.of(EntryKind.LEADER)));
        long revision = now.getHeader().getRevision();
        if (next == 0 || next > revision + 1) {
            next = revision + 1;
            leader = Stored.first(now).map(Stored::text);
        }
    }

    private void supervise(Stream stream) throws InterruptedException {
        int silent = 0;
        long discovered = ticker.nanos();
        while (!stream.ended.await(CHECK.toNanos(), TimeUnit.NANOSECONDS)) {
            silent = stream.heard ? 0 : silent + 1;
            if (silent > SILENT_CHECKS && answersProbes) {
                LOG.warn("etcd does not answer on the watch's connection, connecting anew");
                connections.discard(stream.client);
                return;
            }
            stream.heard = false;
            if (silent == 0) {
                // One question at a time: a slow store is not to be buried under them.
                stream.watcher.requestProgress();
            }
            if (ticker.nanos() - discovered > rediscovery.toNanos()) {
                discovered = ticker.nanos();
                topology.discover();
            }
        }
    }

    private void tell(Set<EntryKind> hint) {
        try {
            listener.changed(hint);
        } catch (RuntimeException e) {
            LOG.error("the listener failed on a change of {}", hint, e);
        }
    }

    /** The thread ends when its connection does, which the owner closes. */
    @Override
    public void close() {
        closed.countDown();
    }

    /** One watch on one connection. Callbacks come from the library's threads. */
    private final class Stream implements Watch.Listener {
        private final Client client;
        private final CountDownLatch ended = new CountDownLatch(1);
        private final CompletableFuture<Stream> opened = new CompletableFuture<>();
        private volatile Watch.Watcher watcher;
        private volatile boolean heard = true;

        Stream(Client client) {
            this.client = client;
        }

        CompletableFuture<Stream> open() {
            WatchOption option =
                    WatchOption.builder()
                            .isPrefix(true)
                            .withRevision(next)
                            .withCreateNotify(true)
                            .withRequireLeader(true)
                            .build();
            watcher = client.getWatchClient().watch(keys.prefix(), option, this);
            opened.whenComplete(
                    (stream, failure) -> {
                        if (failure != null) {
                            close();
                        }
                    });
            return opened;
        }

        void close() {
            ended.countDown();
            Watch.Watcher mine = watcher;
            if (mine != null) {
                mine.close();
            }
        }

        @Override
        public void onNext(WatchResponse response) {
            heard = true;
            if (response.isCreatedNotify()) {
                opened.complete(this);
            } else if (response.isProgressNotify()) {
                answersProbes = true;
            } else if (ended.getCount() > 0) {
                changed(response);
            }
        }

        private void changed(WatchResponse response) {
            Set<EntryKind> hint = EnumSet.noneOf(EntryKind.class);
            for (WatchEvent event : response.getEvents()) {
                KeyValue kv = event.getKeyValue();
                next = Math.max(next, kv.getModRevision() + 1);
                keys.kind(kv.getKey()).filter(kind -> matters(kind, event)).ifPresent(hint::add);
            }
            if (!hint.isEmpty()) {
                tell(hint);
            }
        }

        private boolean matters(EntryKind kind, WatchEvent event) {
            boolean deleted = event.getEventType() == WatchEvent.EventType.DELETE;
            switch (kind) {
                case LEADER:
                    // A record that was only bound to another lease names whom it named before.
                    Optional<String> before = leader;
                    leader =
                            deleted
                                    ? Optional.empty()
                                    : Optional.of(
                                            event.getKeyValue()
                                                    .getValue()
                                                    .toString(StandardCharsets.UTF_8));
                    return deleted || !leader.equals(before);
                case MEMBER:
                    // Members rewrite their records all the time; who is there changes rarely.
                    return deleted || event.getKeyValue().getVersion() == 1;
                case CONFIG:
                case FAILOVER:
                case SYNC:
                case INITIALIZE:
                    return true;
                default:
                    return false;
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (Fault.of(failure) == Fault.COMPACTED) {
                LOG.warn("etcd compacted the revision of the watch, starting at the newest");
                next = 0;
            } else {
                LOG.debug("the watch of etcd ended", failure);
            }
            opened.completeExceptionally(failure);
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            opened.completeExceptionally(new IllegalStateException("the watch was closed"));
            ended.countDown();
        }
    }
}
