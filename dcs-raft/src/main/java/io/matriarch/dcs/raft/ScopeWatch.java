package io.matriarch.dcs.raft;

import io.matriarch.dcs.raft.Wire.Answer;
import io.matriarch.dcs.raft.machine.Poll;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.EntryKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one member of the store what changed, again and again; each question is held there until
 * there is an answer. A member that is silent, or whose clock stands, is left for the next one.
 * Questions carry how far the listener knows, so that none of the members lets it miss anything.
 */
final class ScopeWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScopeWatch.class);
    private static final Duration SHORTEST_HOLD = Duration.ofMillis(500);
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(3);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final String path;
    private final Wire wire;
    private final List<Address> members;
    private final String process;
    private final SeenClock clock;
    private final DcsListener listener;
    private final Thread thread;
    private volatile Duration hold = LONGEST_HOLD;
    private volatile boolean closed;

    private int at;
    private long since = -1;

    /** The replicated clock when that entry was applied. */
    private long clockThen = -1;

    private int stores;
    private boolean missed;
    private long lastClock = -1;

    /**
     * @param clock told the replicated clock of each answer
     */
    ScopeWatch(
            String path,
            Wire wire,
            List<Address> members,
            String process,
            SeenClock clock,
            DcsListener listener) {
        this.path = path;
        this.wire = wire;
        this.members = members;
        this.process = process;
        this.clock = clock;
        this.listener = listener;
        this.thread = new Thread(this::run, "raft-watch");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void timing(Duration loopWait) {
        Duration third = loopWait.dividedBy(3);
        Duration wanted = third.compareTo(LONGEST_HOLD) > 0 ? LONGEST_HOLD : third;
        hold = wanted.compareTo(SHORTEST_HOLD) < 0 ? SHORTEST_HOLD : wanted;
    }

    private void run() {
        try {
            while (!closed) {
                if (!ask()) {
                    missed = true;
                    lastClock = -1;
                    at = (at + 1) % members.size();
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                }
            }
        } catch (InterruptedException e) {
            if (!closed) {
                LOG.error("the watch of {} was interrupted and ends", path, e);
            }
        }
    }

    /** False if this member is of no use at the moment. */
    private boolean ask() throws InterruptedException {
        if (stores != clock.stores()) {
            stores = clock.stores();
            forget();
        }
        Duration held = hold;
        Poll poll = new Poll(path, since, process, held.toMillis());
        Duration patience = held.plus(GRACE);
        try {
            Answer answer =
                    wire.send(members.get(at), Wire.Way.MEMBER, poll.encode(), patience)
                            .get(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (answer instanceof Answer.Content content) {
                return heard(Poll.News.decode(content.bytes()));
            }
            LOG.debug("no news of {}: {}", members.get(at), answer);
            return false;
        } catch (TimeoutException e) {
            LOG.debug("no news of {}, which is silent", members.get(at));
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer never fails", e);
        }
    }

    /** The next answer tells that anything may have changed. */
    private void forget() {
        since = -1;
        clockThen = -1;
    }

    /** In one store nobody who has applied less has seen a later clock. */
    private boolean isOfAnotherStore(Poll.News news) {
        return news.upTo() < since && news.now() > clockThen;
    }

    private void note(Poll.News news) {
        if (isOfAnotherStore(news)) {
            forget();
        } else if (news.upTo() >= since) {
            since = news.upTo();
            clockThen = news.now();
        }
    }

    private boolean heard(Poll.News news) {
        boolean quiet = !news.everything() && news.keys().isEmpty();
        // A member that hears no leader applies nothing, and its clock stands.
        boolean stands = quiet && news.now() == lastClock;
        lastClock = news.now();
        note(news);
        clock.heard(news.now());
        if (news.everything()) {
            tell(Set.of());
        } else if (!stands && missed) {
            tell(Set.of());
        } else if (!quiet) {
            tell(kinds(news.keys()));
        }
        if (!stands) {
            missed = false;
        }
        return !stands;
    }

    private static Set<EntryKind> kinds(Set<String> keys) {
        Set<EntryKind> kinds = EnumSet.noneOf(EntryKind.class);
        keys.forEach(key -> EntryKind.ofKey(key).ifPresent(kinds::add));
        return kinds;
    }

    private void tell(Set<EntryKind> hint) {
        if (!closed) {
            listener.changed(hint);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
