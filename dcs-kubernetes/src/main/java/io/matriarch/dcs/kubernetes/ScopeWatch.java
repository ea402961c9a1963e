package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Version;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Watches the scope's objects and tells the listener. One thread lists, watches from the version of
 * the list on, and begins anew as soon as the watch ends, is refused (410, when its version is
 * forgotten), falls behind what reads show, or is silent for a ttl.
 *
 * <p>A new watch is announced by one hint without a kind: it covers what was changed between a
 * snapshot and the start of the watch, and wakes a member that lost sight of the store.
 */
final class ScopeWatch implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScopeWatch.class);
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** After a server said that it will not show changes: asking at once would not change that. */
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(1);

    private static final int FORGOTTEN = 410;

    /** For the beginning of a watch: a connection that died in silence must not cost much. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The same after it failed: the server may be slow. */
    private static final Duration MORE_PATIENCE = Duration.ofSeconds(5);

    private static final Duration LONGEST_CHECK = Duration.ofSeconds(2);
    private static final String WHAT = "watching the scope";

    private final Names names;
    private final Store store;
    private final Wire wire;
    private final Servers servers;
    private final Known known;
    private final Observation observation;
    private final Runnable discovery;
    private final Ticker ticker;
    private final DcsListener listener;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * What the watch itself showed last: reads on other threads must not make a change look old.
     */
    private final Map<String, Map<EntryKind, Version>> shown = new HashMap<>();

    private Duration patience = PATIENCE;
    private Duration pause = PAUSE;
    private int refusal;
    private volatile Duration check = LONGEST_CHECK;
    private volatile Duration longestSilence = Duration.ofSeconds(30);
    private volatile long watched;
    private volatile long heardAt;

    /**
     * @param discovery looks for the addresses of API servers, at each check
     */
    ScopeWatch(
            Names names,
            Store store,
            Wire wire,
            Servers servers,
            Known known,
            Observation observation,
            Runnable discovery,
            Ticker ticker,
            DcsListener listener) {
        this.names = names;
        this.store = store;
        this.wire = wire;
        this.servers = servers;
        this.known = known;
        this.observation = observation;
        this.discovery = discovery;
        this.ticker = ticker;
        this.listener = listener;
        this.thread = new Thread(this, "kubernetes-watch");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void timing(Duration loopWait, Duration ttl) {
        Duration fifth = loopWait.dividedBy(5);
        check = fifth.compareTo(LONGEST_CHECK) < 0 ? fifth : LONGEST_CHECK;
        longestSilence = ttl;
    }

    @Override
    public void run() {
        try {
            do {
                pause = PAUSE;
                watchUntilItEnds();
            } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.warn("the watch of Kubernetes was interrupted and is not started again", e);
        }
    }

    private void watchUntilItEnds() throws InterruptedException {
        try {
            discovery.run();
            watchOnce();
        } catch (DcsException | UnusableAnswer | ExecutionException | TimeoutException e) {
            patience = MORE_PATIENCE;
            if (closed.getCount() > 0) {
                LOG.debug("cannot watch Kubernetes: {}", Failure.text(e));
            }
        } catch (RuntimeException e) {
            LOG.error("the watch of Kubernetes failed and is started again", e);
        }
    }

    private void watchOnce() throws InterruptedException, ExecutionException, TimeoutException {
        long generation = wire.generation();
        Store.Listing listing =
                store.list(WHAT, names.objects(), names.query(), Deadline.after(ticker, patience));
        observation.saw(listing.object(names.leader()), listing.version());
        synchronized (shown) {
            shown.clear();
            listing.objects().forEach(object -> shown.put(object.name(), versions(object)));
        }
        watched = listing.version();
        heardAt = ticker.nanos();
        Stream stream = new Stream();
        Wire.Sent<Integer> sent =
                wire.stream(
                        servers.order().get(0),
                        target(listing.version()),
                        patience,
                        stream::take,
                        stream.ended);
        try {
            int code = sent.answer().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (code == 200) {
                patience = PATIENCE;
                refusal = 0;
                tell(Set.of());
                supervise(stream, generation);
            } else if (code != FORGOTTEN) {
                refused(code);
            }
        } finally {
            stream.over = true;
            sent.giveUp().run();
        }
    }

    /** Said once, since changes are then seen a loop late, and nothing else would tell why. */
    private void refused(int code) {
        pause = AFTER_REFUSAL;
        if (code != refusal) {
            LOG.warn(
                    "the Kubernetes API refuses the watch of {} (HTTP {}), so changes are seen late;"
                            + " if it goes on, grant the role of docs/kubernetes.md",
                    names.objects(),
                    code);
        }
        refusal = code;
    }

    private String target(long version) {
        return names.objects()
                + "?watch=true&allowWatchBookmarks=true&resourceVersion="
                + version
                + "&"
                + names.query();
    }

    private void supervise(Stream stream, long generation) throws InterruptedException {
        long newestBefore = 0;
        while (!stream.endsWithin(check) && closed.getCount() > 0) {
            discovery.run();
            if (newestBefore > watched) {
                LOG.warn("the watch of Kubernetes does not show what reads do, watching anew");
                return;
            }
            newestBefore = known.newest();
            if (ticker.nanos() - heardAt > longestSilence.toNanos()) {
                LOG.debug(
                        "the watch of Kubernetes is silent for {}, watching anew", longestSilence);
                return;
            }
            if (wire.generation() != generation) {
                return;
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

    private static Map<EntryKind, Version> versions(StoredObject object) {
        Map<EntryKind, Version> versions = new HashMap<>();
        for (Layout layout : Layout.values()) {
            layout.version(object.annotations()).ifPresent(v -> versions.put(layout.kind(), v));
        }
        String leader = LeaderRecord.of(Optional.of(object)).leader();
        if (!leader.isEmpty()) {
            versions.put(EntryKind.LEADER, new Version(leader));
        }
        return versions;
    }

    @Override
    public void close() {
        closed.countDown();
    }

    /** The events of one watch, each a line of JSON. Called by one thread of the library. */
    private final class Stream {
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private volatile boolean over;

        boolean endsWithin(Duration time) throws InterruptedException {
            try {
                ended.get(time.toNanos(), TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                // Still alive.
                return false;
            } catch (ExecutionException e) {
                LOG.debug("the watch of Kubernetes ended", e);
                return true;
            }
        }

        void take(byte[] bytes) {
            heardAt = ticker.nanos();
            for (byte each : bytes) {
                if (each != '\n') {
                    line.write(each);
                } else if (line.size() > 0) {
                    byte[] event = line.toByteArray();
                    line.reset();
                    handle(event);
                }
            }
        }

        private void handle(byte[] text) {
            if (over) {
                return;
            }
            try {
                JsonNode event = Json.parse(text);
                String type = event.path("type").asString("");
                if (type.equals("ERROR")) {
                    LOG.debug("the watch of Kubernetes was ended: {}", event.path("object"));
                    ended.complete(null);
                    return;
                }
                StoredObject object = StoredObject.of(event.path("object"));
                if (!type.equals("BOOKMARK")) {
                    changed(object, type.equals("DELETED"));
                }
                watched = object.version();
            } catch (UnusableAnswer e) {
                ended.completeExceptionally(e);
            }
        }

        private void changed(StoredObject object, boolean deleted) {
            if (object.name().equals(names.leader())) {
                observation.saw(deleted ? Optional.empty() : Optional.of(object), object.version());
            }
            Map<EntryKind, Version> now = deleted ? Map.of() : versions(object);
            Map<EntryKind, Version> before;
            synchronized (shown) {
                before = Optional.ofNullable(shown.put(object.name(), now)).orElse(Map.of());
            }
            Set<EntryKind> kinds = EnumSet.noneOf(EntryKind.class);
            for (EntryKind kind : WORTH_A_HINT) {
                boolean here = names.of(kind).equals(object.name());
                if (here
                        && !Optional.ofNullable(now.get(kind))
                                .equals(Optional.ofNullable(before.get(kind)))) {
                    kinds.add(kind);
                }
            }
            if (!kinds.isEmpty()) {
                tell(kinds);
            }
        }
    }

    private static final Set<EntryKind> WORTH_A_HINT =
            EnumSet.of(
                    EntryKind.LEADER,
                    EntryKind.CONFIG,
                    EntryKind.FAILOVER,
                    EntryKind.SYNC,
                    EntryKind.INITIALIZE);
}
