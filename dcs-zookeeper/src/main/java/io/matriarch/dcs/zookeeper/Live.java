package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.Ticker;
import java.util.EnumSet;
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
 * <p>It also knows since when the session is sure to live: see {@link Arrivals}.
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

    /** A barrier is refused by the quorum too if this client may not read the root. */
    private static final List<Code> CARRIED_OUT = List.of(Code.OK, Code.NOAUTH);

    private final Handle handle;
    private final Ticker ticker;
    private final long session;
    private final long sessionNanos;
    private final long pingNanos;
    private final Arrivals arrivals;
    private final AtomicLong answeredAt;

    /**
     * @param establishedAt a moment before the connection was asked for
     * @param pingNanos in which the ensemble's leader surely sends a ping
     */
    Live(Handle handle, Ticker ticker, long sessionNanos, long establishedAt, long pingNanos) {
        this.handle = handle;
        this.ticker = ticker;
        this.session = handle.getSessionId();
        this.sessionNanos = sessionNanos;
        this.pingNanos = pingNanos;
        this.arrivals = new Arrivals(establishedAt, pingNanos);
        this.answeredAt = new AtomicLong(establishedAt);
    }

    long session() {
        return session;
    }

    /** The session's time as the server granted it. */
    long sessionNanos() {
        return sessionNanos;
    }

    /** In which the ensemble's leader surely sends a ping. */
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

    /**
     * A transaction that changes nothing. What is read behind it is not older than its sending: a
     * quorum carried it out, also if it was refused, and this server after it. ZooKeeper's own
     * {@code sync} asks the ensemble's leader alone, which may have been deposed.
     */
    CompletableFuture<Answer<List<OpResult>>> barrier() {
        Call<List<OpResult>> call = new Call<>();
        handle.multi(
                List.of(Op.check("/", -1)),
                (rc, p, context, results) -> {
                    // Before the reply is passed on: a write that follows it can count on it.
                    if (CARRIED_OUT.contains(Code.get(rc))) {
                        arrivals.passed(call.sentAt, ticker.nanos());
                    }
                    call.answered(rc, results);
                },
                null);
        return call.reply;
    }

    /** What is known of a znode but its text. */
    CompletableFuture<Answer<Stat>> stat(String path) {
        Call<Stat> call = new Call<>();
        handle.exists(path, false, (rc, p, context, stat) -> call.answered(rc, stat), null);
        return call.reply;
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
        private final long arrivedAt = arrivals.provenByNextWrite();
        private final CompletableFuture<Answer<T>> reply = new CompletableFuture<>();

        void answered(int rc, T value) {
            Code code = Code.get(rc);
            if (code == null || NO_ANSWER.contains(code)) {
                reply.completeExceptionally(new Lost(code == null ? "error " + rc : code.name()));
            } else {
                answeredAt.accumulateAndGet(ticker.nanos(), (a, b) -> a - b > 0 ? a : b);
                reply.complete(new Answer<>(code, value, sentAt, arrivedAt));
            }
        }
    }
}
