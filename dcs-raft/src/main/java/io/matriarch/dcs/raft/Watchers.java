package io.matriarch.dcs.raft;

import io.matriarch.dcs.raft.machine.Change;
import io.matriarch.dcs.raft.machine.Poll;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Tells listeners what changed, as far as this member has applied the log. Remembers the latest
 * changes, so that a listener who comes back, or from another member, misses nothing; whoever asks
 * for more is told that anything may have changed.
 *
 * <p>Thread-safe.
 */
final class Watchers {
    private static final int REMEMBERED = 4096;
    private static final Set<String> WATCHED =
            Set.of("leader", "config", "failover", "sync", "initialize");
    private static final String MEMBERS = "members/";

    private record Event(long index, Change change) {}

    private record Waiting(Poll poll, CompletableFuture<Poll.News> answer) {}

    private final Deque<Event> events = new ArrayDeque<>();
    private final Set<Waiting> waiting = new LinkedHashSet<>();
    private long forgotten = -1;
    private long applied = -1;
    private long now;

    /** Forgets everything: the state was replaced by a snapshot. */
    synchronized void restart(long index, long clock) {
        events.clear();
        forgotten = index;
        applied = index;
        now = clock;
        // Whoever waits learns it with the next question.
        List.copyOf(waiting).forEach(this::answer);
    }

    /** Notes what an entry changed. */
    synchronized void applied(long index, long clock, List<Change> changes) {
        applied = index;
        now = clock;
        boolean any = false;
        for (Change change : changes) {
            if (matters(change)) {
                events.add(new Event(index, change));
                any = true;
            }
        }
        while (events.size() > REMEMBERED) {
            forgotten = events.poll().index();
        }
        if (any) {
            tell();
        }
    }

    /** Members rewrite their records all the time; who is there changes rarely. */
    private static boolean matters(Change change) {
        return WATCHED.contains(change.key())
                || change.key().isEmpty()
                || (change.key().startsWith(MEMBERS) && change.kind() != Change.Kind.REWRITTEN);
    }

    private void tell() {
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting one = each.next();
            Poll.News news = news(one.poll());
            if (told(news)) {
                each.remove();
                one.answer().complete(news);
            }
        }
    }

    private static boolean told(Poll.News news) {
        return news.everything() || !news.keys().isEmpty();
    }

    /** Answers when something changed, or after the time that the listener grants. */
    CompletableFuture<Poll.News> poll(Poll poll) {
        CompletableFuture<Poll.News> answer = new CompletableFuture<>();
        synchronized (this) {
            Poll.News news = news(poll);
            if (told(news)) {
                answer.complete(news);
                return answer;
            }
            Waiting one = new Waiting(poll, answer);
            waiting.add(one);
            CompletableFuture.delayedExecutor(poll.hold(), TimeUnit.MILLISECONDS)
                    .execute(() -> answer(one));
        }
        return answer;
    }

    private synchronized void answer(Waiting one) {
        if (waiting.remove(one)) {
            one.answer().complete(news(one.poll()));
        }
    }

    private Poll.News news(Poll poll) {
        boolean everything = poll.since() < forgotten || poll.since() < 0;
        Set<String> keys = new HashSet<>();
        for (Event event : events) {
            Change change = event.change();
            if (event.index() > poll.since()
                    && change.path().equals(poll.path())
                    && !change.process().equals(poll.process())) {
                keys.add(change.key());
            }
        }
        return new Poll.News(
                applied, now, everything || keys.contains(""), everything ? Set.of() : keys);
    }
}
