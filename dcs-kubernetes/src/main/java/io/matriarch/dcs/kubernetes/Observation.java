package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.Optional;

/**
 * Since when the leader record of one scope is as it is, on this process's own monotonic clock.
 * Kubernetes ends nothing by itself: the lease counts as ended when its record was seen unchanged
 * for its ttl. An observer that sees a record for the first time grants it the full ttl. No clock
 * of another machine enters.
 *
 * <p>Who acts on the judgement guards its write with the resourceVersion of the object that was
 * judged. Thread-safe.
 */
final class Observation {
    /** Told when the record changed; called on the thread that saw it. */
    interface Changed {
        /**
         * @param left the time after which the new record counts as ended
         * @param revived whether the record before had ended already
         */
        void changed(Duration left, boolean revived);
    }

    private final Ticker ticker;
    private final Changed listener;
    private LeaderRecord record = LeaderRecord.NONE;
    private long version = -1;
    private long since;
    private volatile Duration ownTtl;

    /**
     * @param ownTtl for records whose ttl cannot be read
     */
    Observation(Ticker ticker, Duration ownTtl, Changed listener) {
        this.ticker = ticker;
        this.ownTtl = ownTtl;
        this.listener = listener;
        this.since = ticker.nanos();
    }

    void ttl(Duration ttl) {
        ownTtl = ttl;
    }

    /**
     * Takes note of the leader object.
     *
     * @param object empty if there is none
     * @param seenAt the resourceVersion at which that was so; an older one than before is ignored
     */
    void saw(Optional<StoredObject> object, long seenAt) {
        Duration left;
        boolean revived;
        synchronized (this) {
            if (seenAt < version) {
                return;
            }
            version = seenAt;
            LeaderRecord now = LeaderRecord.of(object);
            if (now.equals(record)) {
                return;
            }
            revived = !record.free() && ended();
            record = now;
            since = ticker.nanos();
            left = now.lifetime(ownTtl);
        }
        listener.changed(left, revived);
    }

    /** Who holds the lease, as far as this observer can tell. */
    synchronized Optional<String> holder() {
        return record.free() || ended() ? Optional.empty() : Optional.of(record.leader());
    }

    /** Whether this very record was seen unchanged for its ttl. */
    synchronized boolean ended(LeaderRecord judged) {
        return judged.equals(record) && ended();
    }

    private boolean ended() {
        return ticker.nanos() - since >= record.lifetime(ownTtl).toNanos();
    }
}
