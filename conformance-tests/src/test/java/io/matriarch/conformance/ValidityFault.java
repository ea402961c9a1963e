package io.matriarch.conformance;

import static io.matriarch.conformance.Fault.breaking;

import io.matriarch.spi.Deadline;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Version;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Faults in what a client believes of the end of a lease. */
enum ValidityFault implements Planted {
    VALID_FOR_TOO_LONG(
            breaking("L2")
                    .client(
                            sound ->
                                    new Proofs(sound) {
                                        @Override
                                        long until(Lease lease, long askedAt) {
                                            return lease.validUntil() + ttl(sound) / 4;
                                        }
                                    })),

    /**
     * Only a slow reply shows it; how long a quick one took is let off, for L13 may see even that.
     */
    THE_VALIDITY_COUNTS_FROM_THE_REPLY(
            breaking("L2")
                    .client(
                            sound ->
                                    new Proofs(sound) {
                                        @Override
                                        long until(Lease lease, long askedAt) {
                                            long took = System.nanoTime() - askedAt;
                                            return lease.validUntil()
                                                    + (took > ttl(sound) / 8 ? took : 0);
                                        }
                                    })),

    /** A margin for clocks that differ, so large that a renewal wins nothing. */
    A_RENEWAL_IS_WORTH_LESS_THAN_A_TTL(
            breaking("L4")
                    .renew(
                            (sound, seen, update, deadline) ->
                                    Wrapped.granted(
                                            sound.dcs().renew(seen, update, deadline),
                                            lease ->
                                                    Wrapped.ending(
                                                            lease,
                                                            lease.validUntil()
                                                                    - ttl(sound) * 3 / 5)))),

    /** Read-only clients time the record by a clock of their own, which is too fast. */
    A_READER_GUESSES_WHEN_A_LEASE_ENDS(
            breaking("L13")
                    .client(
                            sound ->
                                    new Wrapped(sound) {
                                        private final Map<Version, Long> firstSeen =
                                                new ConcurrentHashMap<>();

                                        @Override
                                        public Snapshot read(Scope scope, Deadline deadline) {
                                            Snapshot shown = super.read(scope, deadline);
                                            return sound.config().member().isEmpty()
                                                            && shown.entry(EntryKind.LEADER)
                                                                    .filter(this::isOld)
                                                                    .isPresent()
                                                    ? without(shown, EntryKind.LEADER)
                                                    : shown;
                                        }

                                        private boolean isOld(Entry leader) {
                                            long now = System.nanoTime();
                                            long first =
                                                    firstSeen.computeIfAbsent(
                                                            leader.version(), any -> now);
                                            return now - first > ttl(sound) * 3 / 4;
                                        }
                                    }));

    private final Fault fault;

    ValidityFault(Fault fault) {
        this.fault = fault;
    }

    @Override
    public Fault fault() {
        return fault;
    }

    private static long ttl(Wrapped.Sound sound) {
        return sound.config().settings().ttl().toNanos();
    }

    private static Snapshot without(Snapshot snapshot, EntryKind kind) {
        var entries = new HashMap<>(snapshot.entries());
        entries.remove(kind);
        return new Snapshot(entries, snapshot.members(), snapshot.sentAt());
    }

    /** A client that makes something else of the end that it was granted. */
    private abstract static class Proofs extends Wrapped {
        Proofs(Sound sound) {
            super(sound);
        }

        abstract long until(Lease lease, long askedAt);

        @Override
        public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
            long askedAt = System.nanoTime();
            return granted(
                    super.acquire(judged, deadline), lease -> ending(lease, until(lease, askedAt)));
        }

        @Override
        public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
            long askedAt = System.nanoTime();
            return granted(
                    super.renew(seen, update, deadline),
                    lease -> ending(lease, until(lease, askedAt)));
        }
    }
}
