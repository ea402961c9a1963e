package io.matriarch.dcs.zookeeper;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Since when a session is sure to live that is kept through a follower.
 *
 * <p>A session ends when the ensemble's leader has not heard of it for the session's time. When the
 * client speaks to a follower, that leader hears of it in two ways only: when the connection is
 * established, because the follower asks the leader then, and in the follower's answers to the
 * leader's pings, sent twice a tick. A write that the follower passes on does not count.
 *
 * <p>That the follower answers requests tells nothing of the pings: while the leader is frozen, or
 * silent towards this follower, there are none, and reads are answered as ever. So only barriers
 * are evidence, which need the leader. Two of them, and then the write that is to prove something:
 *
 * <ol>
 *   <li>The first barrier is answered. The follower has heard of this client after it was sent.
 *   <li>The second one is sent at least the time between two pings after that answer. The leader
 *       was at work for both, so a ping became due in between, and it was sent before the leader
 *       committed the second: a leader that froze meanwhile finds it overdue when it goes on, while
 *       the barrier needs other servers first.
 *   <li>The second one is answered. The leader's messages reach the follower in their order, so the
 *       follower has answered that ping.
 *   <li>The write is sent. The follower's messages reach the leader in their order too: if the
 *       write is carried out, the leader has heard of this client after the first barrier was sent.
 * </ol>
 *
 * <p>Barriers that took long, because the leader was frozen or the network stood still, thus lead
 * to an older moment, never to a wrong one. Safe for use by any thread.
 */
final class Arrivals {
    private record Barrier(long sentAt, long answeredAt) {}

    private final long pingNanos;

    /** Those whose second barrier is not answered yet, in the order of their answers. */
    private final Deque<Barrier> waiting = new ArrayDeque<>();

    private long proven;

    /**
     * @param establishedAt a moment before the connection was asked for
     * @param pingNanos in which the ensemble's leader surely sends a ping
     */
    Arrivals(long establishedAt, long pingNanos) {
        this.proven = establishedAt;
        this.pingNanos = pingNanos;
    }

    /** A barrier was carried out. Told in the order of the answers. */
    synchronized void passed(long sentAt, long answeredAt) {
        waiting.addLast(new Barrier(sentAt, answeredAt));
        // The barrier that was just added ends the loop at the latest.
        while (waiting.getFirst().answeredAt() - (sentAt - pingNanos) <= 0) {
            proven = waiting.removeFirst().sentAt();
        }
    }

    /**
     * A moment after which the ensemble's leader has heard of this client, given that a write which
     * is sent from now on is carried out.
     */
    synchronized long provenByNextWrite() {
        return proven;
    }
}
