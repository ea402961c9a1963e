package io.matriarch.dcs.consul;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the scope and tells the listener: one thread asks for the scope again and again, each
 * time with the index that it saw last, and the agent answers when that has changed. What is told
 * is the difference between two answers.
 *
 * <p>Whenever the watch starts, for the first time or after it broke, it gives one hint without a
 * kind: that covers what was changed between a snapshot and the first answer, and wakes a member
 * that lost sight of the store.
 */
final class ScopeWatch implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScopeWatch.class);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** The agent waits up to a sixteenth longer than it was asked to. */
    private static final int SERVER_JITTER = 15;

    /** What is compared: of these the text or the presence matters. */
    private static final Set<EntryKind> WATCHED =
            EnumSet.of(EntryKind.CONFIG, EntryKind.FAILOVER, EntryKind.SYNC, EntryKind.INITIALIZE);

    private final Keys keys;
    private final Agent agent;
    private final Ask list;
    private final Ticker ticker;
    private final DcsListener listener;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Duration wait = SHORTEST;

    ScopeWatch(
            Keys keys,
            Agent agent,
            Optional<String> datacenter,
            Ticker ticker,
            DcsListener listener) {
        this.keys = keys;
        this.agent = agent;
        Ask here = KeyValues.list(keys.folder());
        this.list = datacenter.map(name -> here.with("dc", name)).orElse(here);
        this.ticker = ticker;
        this.listener = listener;
        this.thread = new Thread(this, "consul-watch");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** An agent that went silent is noticed after the wait: half a loop at most. */
    void timing(Duration loopWait) {
        Duration half = loopWait.dividedBy(2);
        Duration atLeast = half.compareTo(SHORTEST) < 0 ? SHORTEST : half;
        wait = atLeast.compareTo(LONGEST) > 0 ? LONGEST : atLeast;
    }

    @Override
    public void run() {
        try {
            do {
                watchUntilItEnds();
            } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.warn("the watch of Consul was interrupted and is not started again", e);
        }
    }

    private void watchUntilItEnds() {
        try {
            watchOnce();
        } catch (Unanswered | StoreRejected | DcsException e) {
            if (!isClosed()) {
                LOG.debug("cannot watch Consul: {}", e.getMessage());
            }
        } catch (RuntimeException e) {
            LOG.error("the watch of Consul failed and is started again", e);
        }
    }

    private void watchOnce() throws Unanswered {
        KeyValues.Listing last = KeyValues.listing(agent.send(list, Deadline.after(ticker, LOOK)));
        tell(Set.of());
        while (!isClosed()) {
            KeyValues.Listing now = next(last.index());
            if (Long.compareUnsigned(now.index(), last.index()) < 0) {
                LOG.info("the index of Consul went back, looking at everything");
                tell(Set.of());
            } else {
                Set<EntryKind> hint = difference(last, now);
                if (!hint.isEmpty()) {
                    tell(hint);
                }
            }
            last = now;
        }
    }

    /** Returns when something changed, or the wait is over. */
    private KeyValues.Listing next(long index) throws Unanswered {
        Duration asked = wait;
        Duration grace = asked.dividedBy(SERVER_JITTER);
        Duration patience = asked.plus(grace.compareTo(LOOK) > 0 ? grace : LOOK);
        Ask changed =
                list.with("index", Long.toUnsignedString(Math.max(index, 1)))
                        .with("wait", asked.toMillis() + "ms");
        return KeyValues.listing(agent.send(changed, Deadline.after(ticker, patience)));
    }

    private Set<EntryKind> difference(KeyValues.Listing before, KeyValues.Listing now) {
        Set<EntryKind> hint = EnumSet.noneOf(EntryKind.class);
        for (EntryKind kind : WATCHED) {
            if (!index(before, kind).equals(index(now, kind))) {
                hint.add(kind);
            }
        }
        // A record that was only bound to another session names whom it named before.
        if (!leader(before).equals(leader(now))) {
            hint.add(EntryKind.LEADER);
        }
        // Members rewrite their records all the time; who is there changes rarely.
        if (!members(before.keys()).equals(members(now.keys()))) {
            hint.add(EntryKind.MEMBER);
        }
        return hint;
    }

    private Optional<Long> index(KeyValues.Listing listing, EntryKind kind) {
        return Optional.ofNullable(listing.keys().get(keys.of(kind))).map(Stored::index);
    }

    private Optional<String> leader(KeyValues.Listing listing) {
        return Optional.ofNullable(listing.keys().get(keys.of(EntryKind.LEADER))).map(Stored::text);
    }

    private Set<String> members(Map<String, Stored> all) {
        Set<String> members = new HashSet<>(all.keySet());
        members.removeIf(key -> !key.startsWith(keys.of(EntryKind.MEMBER)));
        return members;
    }

    private void tell(Set<EntryKind> hint) {
        if (isClosed()) {
            return;
        }
        try {
            listener.changed(hint);
        } catch (RuntimeException e) {
            LOG.error("the listener failed on a change of {}", hint, e);
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** The thread ends when its request does, which closing the agent ends. */
    @Override
    public void close() {
        closed.countDown();
        agent.close();
    }
}
