package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.Ticker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/**
 * One established connection of one session. Requests are sent in the order of the calls, are
 * answered in that order, and never block. Safe for use by any thread.
 *
 * <p>It also knows since when the session is sure to live. A session ends when the leader of the
 * ensemble has not heard of it for the session's time. When this client speaks to a follower, that
 * leader hears of it in two ways only: when the connection is established, because the follower
 * asks the leader then, and in the follower's answers to the leader's pings, sent twice a tick. A
 * write that the follower passes on does not count. But it travels behind those answers: a write
 * that was carried out proves that the leader heard of whatever the follower had seen from this
 * client a ping earlier. Hence {@link #heardBefore}.
 */
final class Live {
    private static final Set<Code> NO_ANSWER =
            EnumSet.of(
                    Code.CONNECTIONLOSS,
                    Code.SESSIONEXPIRED,
                    Code.SESSIONMOVED,
                    Code.OPERATIONTIMEOUT,
                    Code.REQUESTTIMEOUT,
                    Code.SYSTEMERROR);

    private final Handle handle;
    private final Ticker ticker;
    private final long session;
    private final long sessionNanos;
    private final long establishedAt;
    private final long pingNanos;
    private final Deque<Long> heard = new ArrayDeque<>();
    private final AtomicLong answeredAt;

    /**
     * @param establishedAt a moment before the connection was asked for
     * @param pingNanos within which a follower has surely answered a ping of its leader
     */
    Live(Handle handle, Ticker ticker, long sessionNanos, long establishedAt, long pingNanos) {
        this.handle = handle;
        this.ticker = ticker;
        this.session = handle.getSessionId();
        this.sessionNanos = sessionNanos;
        this.establishedAt = establishedAt;
        this.pingNanos = pingNanos;
        this.answeredAt = new AtomicLong(establishedAt);
    }

    long session() {
        return session;
    }

    /** The session's time as the server granted it. */
    long sessionNanos() {
        return sessionNanos;
    }

    /** Within which a follower has surely answered a ping of the ensemble's leader. */
    long pingNanos() {
        return pingNanos;
    }

    Handle handle() {
        return handle;
    }

    /** Whether nothing came back since an instant. */
    boolean silentSince(long instant) {
        return answeredAt.get() - instant < 0;
    }

    private void heard(long sentAt) {
        answeredAt.accumulateAndGet(ticker.nanos(), (a, b) -> a - b > 0 ? a : b);
        synchronized (heard) {
            heard.addLast(sentAt);
            // Of those that are old enough, the newest alone can still matter.
            long old = ticker.nanos() - 2 * pingNanos;
            while (heard.size() > 2 && second() - old < 0) {
                heard.removeFirst();
            }
        }
    }

    private long second() {
        Iterator<Long> oldest = heard.iterator();
        oldest.next();
        return oldest.next();
    }

    /**
     * A moment at which this client had sent something that the ensemble's leader heard of, given
     * that a write sent at {@code sentAt} was carried out.
     */
    long heardBefore(long sentAt) {
        long newest = establishedAt;
        synchronized (heard) {
            for (long at : heard) {
                if (at - (sentAt - pingNanos) <= 0 && at - newest > 0) {
                    newest = at;
                }
            }
        }
        return newest;
    }

    CompletableFuture<Answer<Stored>> get(String path) {
        Call<Stored> call = new Call<>();
        handle.getData(
                path,
                false,
                (rc, p, context, data, stat) ->
                        call.answered(rc, rc == 0 ? Stored.of(data, stat) : null),
                null);
        return call.reply;
    }

    CompletableFuture<Answer<List<String>>> children(String path) {
        Call<List<String>> call = new Call<>();
        handle.getChildren(
                path,
                false,
                (int rc, String p, Object context, List<String> names) -> call.answered(rc, names),
                null);
        return call.reply;
    }

    /** Makes the server hear of this client, and nothing else. */
    void pulse() {
        Call<Stat> call = new Call<>();
        handle.exists("/", false, (rc, p, context, stat) -> call.answered(rc, stat), null);
    }

    /**
     * A transaction that changes nothing. What is read behind it is not older than its sending: a
     * quorum carried it out, also if it was refused, and this server after it. ZooKeeper's own
     * {@code sync} asks the ensemble's leader alone, which may have been deposed.
     */
    CompletableFuture<Answer<List<OpResult>>> barrier() {
        return multi(List.of(Op.check("/", -1)));
    }

    CompletableFuture<Answer<Stat>> create(
            String path, String text, List<ACL> acl, CreateMode mode) {
        Call<Stat> call = new Call<>();
        handle.create(
                path,
                Stored.bytes(text),
                acl,
                mode,
                (rc, p, context, name, stat) -> call.answered(rc, stat),
                null);
        return call.reply;
    }

    CompletableFuture<Answer<Stat>> set(String path, String text, int version) {
        Call<Stat> call = new Call<>();
        handle.setData(
                path,
                Stored.bytes(text),
                version,
                (rc, p, context, stat) -> call.answered(rc, stat),
                null);
        return call.reply;
    }

    CompletableFuture<Answer<String>> delete(String path, int version) {
        Call<String> call = new Call<>();
        handle.delete(path, version, (rc, p, context) -> call.answered(rc, p), null);
        return call.reply;
    }

    /** Several reads of one moment, or several writes that take effect together or not at all. */
    CompletableFuture<Answer<List<OpResult>>> multi(List<Op> ops) {
        Call<List<OpResult>> call = new Call<>();
        handle.multi(ops, (rc, p, context, results) -> call.answered(rc, results), null);
        return call.reply;
    }

    CompletableFuture<Answer<String>> watch(String path, Watcher watcher) {
        Call<String> call = new Call<>();
        handle.addWatch(
                path,
                watcher,
                AddWatchMode.PERSISTENT,
                (rc, p, context) -> call.answered(rc, p),
                null);
        return call.reply;
    }

    /** A request on its way. */
    private final class Call<T> {
        private final long sentAt = ticker.nanos();
        private final CompletableFuture<Answer<T>> reply = new CompletableFuture<>();

        void answered(int rc, T value) {
            Code code = Code.get(rc);
            if (code == null || NO_ANSWER.contains(code)) {
                reply.completeExceptionally(new Lost(code == null ? "error " + rc : code.name()));
            } else {
                heard(sentAt);
                reply.complete(new Answer<>(code, value, sentAt));
            }
        }
    }
}
