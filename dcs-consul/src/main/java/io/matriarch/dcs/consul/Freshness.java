package io.matriarch.dcs.consul;

import java.util.Optional;
import java.util.function.Function;

/**
 * Keeps the snapshots of one instance from going back behind each other and behind its own writes,
 * however weak the consistency is that the operator chose. Each answer carries an index that only
 * grows; one that is older than what was seen or written is asked for again, of a quorum. A
 * deletion leaves no index that is known, so the snapshot after one is of a quorum too.
 * Thread-safe.
 */
final class Freshness {
    private final ConsulSettings.Consistency wish;
    private long floor;
    private long deletions;
    private long deletionsSeen;

    Freshness(ConsulSettings.Consistency wish) {
        this.wish = wish;
    }

    boolean linearizable() {
        return wish == ConsulSettings.Consistency.CONSISTENT;
    }

    synchronized void wrote(long index) {
        floor = larger(floor, index);
    }

    synchronized void deleted() {
        deletions++;
    }

    /**
     * @param request reads the scope, with the query parameter that is given, if one is
     */
    KeyValues.Listing read(Function<Optional<String>, KeyValues.Listing> request) {
        if (wish != ConsulSettings.Consistency.CONSISTENT && !deletedUnseen()) {
            KeyValues.Listing listing = request.apply(parameter());
            if (accepted(listing)) {
                return listing;
            }
        }
        return ofQuorum(request);
    }

    private Optional<String> parameter() {
        return wish == ConsulSettings.Consistency.STALE ? Optional.of("stale") : Optional.empty();
    }

    private synchronized boolean deletedUnseen() {
        return deletionsSeen != deletions;
    }

    private synchronized boolean accepted(KeyValues.Listing listing) {
        boolean fresh = Long.compareUnsigned(listing.index(), floor) >= 0;
        if (fresh) {
            floor = listing.index();
        }
        return fresh;
    }

    /** Its index is the new floor, also if it is lower: a store that was set back counts anew. */
    private KeyValues.Listing ofQuorum(Function<Optional<String>, KeyValues.Listing> request) {
        long deletionsBefore;
        long floorBefore;
        synchronized (this) {
            deletionsBefore = deletions;
            floorBefore = floor;
        }
        KeyValues.Listing listing = request.apply(Optional.of(KeyValues.CONSISTENT));
        synchronized (this) {
            deletionsSeen = deletionsBefore;
            floor = floor == floorBefore ? listing.index() : larger(floor, listing.index());
        }
        return listing;
    }

    private static long larger(long one, long other) {
        return Long.compareUnsigned(one, other) >= 0 ? one : other;
    }
}
