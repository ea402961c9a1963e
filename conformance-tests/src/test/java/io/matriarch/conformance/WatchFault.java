package io.matriarch.conformance;

import static io.matriarch.conformance.Fault.breaking;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Faults in telling the listener. */
enum WatchFault implements Planted {
    AN_ENTRY_IS_NOT_WATCHED(
            breaking("N1")
                    .listener(
                            (listener, store) ->
                                    hint -> {
                                        if (!hint.equals(Set.of(EntryKind.FAILOVER))) {
                                            listener.changed(hint);
                                        }
                                    })),

    /** Told is only what a client did: a release, which leaves the session of the holder. */
    AN_EXPIRY_IS_NOT_TOLD(
            breaking("N2")
                    .listener(
                            (listener, store) ->
                                    hint -> {
                                        boolean expired = store.openSessions() == 0;
                                        if (!expired || !hint.equals(Set.of(EntryKind.LEADER))) {
                                            listener.changed(hint);
                                        }
                                    })),

    /** The watch stands only some time after a read. */
    A_CHANGE_SOON_AFTER_A_READ_IS_NOT_TOLD(breaking("N3").at(WatchFault::deafAfterReads)),

    /** The store in memory says "anything may have changed" when a link is well again. */
    A_WATCH_THAT_BROKE_STAYS_BROKEN(breaking("N4").at(site -> leavingItsWatch(site, false))),

    OWN_RENEWALS_ARE_TOLD(breaking("N5").at(WatchFault::tellingItself)),

    /** Where the client finds out at its next call. */
    A_SILENT_WATCH_IS_FOUND_AND_LEFT(breaking("N6").at(site -> leavingItsWatch(site, true)));

    /** How long changes are not told after a read; shorter than the other watch tests settle. */
    private static final Duration DEAF = Duration.ofMillis(30);

    private final Fault fault;

    WatchFault(Fault fault) {
        this.fault = fault;
    }

    @Override
    public Fault fault() {
        return fault;
    }

    private static Dcs deafAfterReads(Site site) {
        AtomicLong hearsFrom = new AtomicLong(System.nanoTime());
        DcsListener late =
                hint -> {
                    if (System.nanoTime() - hearsFrom.get() >= 0) {
                        site.listener().changed(hint);
                    }
                };
        return new Wrapped(site.open(late)) {
            @Override
            public Snapshot read(Scope scope, Deadline deadline) {
                Snapshot snapshot = super.read(scope, deadline);
                hearsFrom.set(System.nanoTime() + DEAF.toNanos());
                return snapshot;
            }
        };
    }

    private static Dcs tellingItself(Site site) {
        return new Wrapped(site.open()) {
            @Override
            public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
                Outcome<Lease> outcome = super.renew(seen, update, deadline);
                if (outcome.isApplied()) {
                    site.listener().changed(Set.of(EntryKind.LEADER));
                }
                return outcome;
            }
        };
    }

    /**
     * @param byACall whether it leaves the watch that one of its own calls found silent, or one
     *     that broke by itself
     */
    private static Dcs leavingItsWatch(Site site, boolean byACall) {
        AtomicBoolean calling = new AtomicBoolean();
        AtomicBoolean left = new AtomicBoolean();
        DcsListener listener =
                hint -> {
                    left.compareAndSet(false, calling.get() == byACall && hint.isEmpty());
                    if (!left.get()) {
                        site.listener().changed(hint);
                    }
                };
        return new Wrapped(site.open(listener)) {
            @Override
            public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
                calling.set(true);
                try {
                    return super.touch(me, deadline);
                } finally {
                    calling.set(false);
                }
            }
        };
    }
}
