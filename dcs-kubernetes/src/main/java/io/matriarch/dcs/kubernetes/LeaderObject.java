package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * The leader object: taking the lease, proving it, giving it up.
 *
 * <p>A proof is a change of {@code renewTime} under the resourceVersion at which the record was
 * seen to be mine. Nobody can take the lease before having seen this change unchanged for its ttl,
 * so validity is counted from before the request was sent. A conflict is not a refusal yet: an
 * earlier try may have been the writer, or the control plane touched the object; the record as it
 * is then decides.
 *
 * <p>The epoch is the resourceVersion at which this process came to hold the record: the store's
 * own revision, which grows with every write to it and is never reused, also not after the object
 * was removed.
 *
 * <p>Used by one thread at a time, as the contract says of the lease.
 */
final class LeaderObject {
    private static final long BETWEEN_CONFLICTS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The reign of this process. */
    private record Held(String acquireTime, String transitions, long epoch) {}

    private final String name;
    private final Names names;
    private final Store store;
    private final Known known;
    private final Observation observation;
    private final Subsets subsets;
    private final Function<Deadline, Optional<StoredObject>> pod;
    private final Calls calls;
    private final Ticker ticker;
    private final Stamps stamps = new Stamps();
    private volatile Duration ttl;
    private volatile Optional<Held> held = Optional.empty();

    /**
     * @param pod finds the own Pod, for the address that clients get
     */
    LeaderObject(
            String name,
            Names names,
            Store store,
            Known known,
            Observation observation,
            Subsets subsets,
            Function<Deadline, Optional<StoredObject>> pod,
            Calls calls,
            Ticker ticker,
            Duration ttl) {
        this.name = name;
        this.names = names;
        this.store = store.patient();
        this.known = known;
        this.observation = observation;
        this.subsets = subsets;
        this.pod = pod;
        this.calls = calls;
        this.ticker = ticker;
        this.ttl = ttl;
    }

    void ttl(Duration changed) {
        ttl = changed;
    }

    /** Takes the lease if it is free, mine, or was seen to end. */
    Outcome<Lease> acquire(Deadline deadline) {
        return claimed(new Claim("taking the lease", true, LeaderUpdate.NONE, deadline));
    }

    /** Prolongs the lease if it is mine, or free. */
    Outcome<Lease> renew(LeaderUpdate update, Deadline deadline) {
        return claimed(new Claim("renewing the lease", false, update, deadline));
    }

    private static Outcome<Lease> claimed(Claim claim) {
        try {
            return claim.run();
        } catch (DcsException.NotApplied e) {
            // An earlier try may have written although the last request did not.
            throw claim.doubtful ? new DcsException.OutcomeUnknown(e.getMessage(), e) : e;
        }
    }

    private Optional<StoredObject> look(String what, Deadline deadline) {
        String object = names.leader();
        Optional<StoredObject> now = store.get(what, names.object(object), deadline);
        now.ifPresentOrElse(this::saw, () -> known.forget(object));
        return now;
    }

    private void saw(StoredObject object) {
        known.saw(object);
        observation.saw(Optional.of(object), object.version());
    }

    /** One acquire or renew. */
    private final class Claim {
        private final String what;
        private final boolean mayTake;
        private final LeaderUpdate update;
        private final Deadline deadline;

        /** When each try was sent, by the text that it would leave. */
        private final Map<String, Long> tries = new HashMap<>();

        private boolean withUpdate = true;
        private boolean doubtful;

        Claim(String what, boolean mayTake, LeaderUpdate update, Deadline deadline) {
            this.what = what;
            this.mayTake = mayTake;
            this.update = update;
            this.deadline = deadline;
        }

        Outcome<Lease> run() {
            boolean fresh = mayTake;
            Optional<StoredObject> now =
                    mayTake ? look(what, deadline) : known.object(names.leader());
            while (true) {
                LeaderRecord record = LeaderRecord.of(now);
                boolean mine = record.names(name);
                if (!mine && !mayBeTaken(record)) {
                    if (fresh) {
                        held = Optional.empty();
                        return Outcome.refused(
                                Outcome.Refusal.HELD_BY_OTHER,
                                "the leader record names " + record.leader());
                    }
                    now = look(what, deadline);
                    fresh = true;
                    continue;
                }
                Optional<Outcome<Lease>> end = write(now, record);
                if (end.isPresent()) {
                    return end.get();
                }
                if (tries.isEmpty()) {
                    continue;
                }
                now = look(what, deadline);
                fresh = true;
                Optional<Outcome<Lease>> earlier = now.flatMap(this::writtenEarlier);
                if (earlier.isPresent()) {
                    return earlier.get();
                }
                calls.pause(BETWEEN_CONFLICTS, deadline);
            }
        }

        private boolean mayBeTaken(LeaderRecord record) {
            return record.free() || mayTake && observation.ended(record);
        }

        /** Empty after a conflict, or if the same is to be tried without what rides along. */
        private Optional<Outcome<Lease>> write(Optional<StoredObject> now, LeaderRecord record) {
            Map<String, Optional<String>> annotations = annotations(record);
            Optional<JsonNode> address =
                    subsets.used() ? subsets.mine(now, pod.apply(deadline)) : Optional.empty();
            long sentAt = ticker.nanos();
            tries.put(annotations.get(LeaderRecord.RENEW_TIME).orElseThrow(), sentAt);
            Store.Written written =
                    now.map(o -> patch(o, annotations, address))
                            .orElseGet(
                                    () ->
                                            store.create(
                                                    what,
                                                    names,
                                                    names.leader(),
                                                    annotations,
                                                    address,
                                                    deadline));
            if (written instanceof Store.Applied applied) {
                return Optional.of(applied(applied.object(), sentAt));
            }
            if (written instanceof Store.Unacceptable bad) {
                if (!withUpdate || update.equals(LeaderUpdate.NONE)) {
                    throw new DcsException.NotApplied(bad.message());
                }
                withUpdate = false;
                tries.clear();
                return Optional.empty();
            }
            doubtful |= ((Store.Conflict) written).doubtful();
            return Optional.empty();
        }

        private Store.Written patch(
                StoredObject guard,
                Map<String, Optional<String>> annotations,
                Optional<JsonNode> address) {
            return store.patch(what, names, guard, annotations, address, deadline);
        }

        private Map<String, Optional<String>> annotations(LeaderRecord before) {
            String now = stamps.next();
            boolean goesOn = before.names(name);
            long changes = before.changes() + (goesOn || before.equals(LeaderRecord.NONE) ? 0 : 1);
            Map<String, Optional<String>> annotations = new TreeMap<>();
            annotations.put(LeaderRecord.LEADER, Optional.of(name));
            annotations.put(LeaderRecord.TTL, Optional.of(Long.toString(ttl.toSeconds())));
            annotations.put(LeaderRecord.RENEW_TIME, Optional.of(now));
            annotations.put(
                    LeaderRecord.ACQUIRE_TIME,
                    Optional.of(
                            goesOn && !before.acquireTime().isEmpty()
                                    ? before.acquireTime()
                                    : now));
            annotations.put(LeaderRecord.TRANSITIONS, Optional.of(Long.toString(changes)));
            if (withUpdate) {
                update.status()
                        .ifPresent(v -> annotations.putAll(Layout.STATUS.values(Optional.of(v))));
                update.failsafe()
                        .ifPresent(v -> annotations.putAll(Layout.FAILSAFE.values(Optional.of(v))));
            }
            return annotations;
        }

        private Outcome<Lease> applied(StoredObject object, long sentAt) {
            saw(object);
            LeaderRecord record = LeaderRecord.of(Optional.of(object));
            long epoch =
                    held.filter(
                                    h ->
                                            h.acquireTime().equals(record.acquireTime())
                                                    && h.transitions().equals(record.transitions()))
                            .map(Held::epoch)
                            .orElse(object.version());
            held = Optional.of(new Held(record.acquireTime(), record.transitions(), epoch));
            return Outcome.applied(
                    new Lease(
                            name,
                            epoch,
                            sentAt + record.lifetime(ttl).toNanos(),
                            record.version()));
        }

        private Optional<Outcome<Lease>> writtenEarlier(StoredObject now) {
            LeaderRecord record = LeaderRecord.of(Optional.of(now));
            return record.names(name)
                    ? Optional.ofNullable(tries.get(record.renewTime()))
                            .map(sentAt -> applied(now, sentAt))
                    : Optional.empty();
        }
    }

    /** Empties the record if it is mine, in one write with the last status. */
    Outcome<Outcome.Done> release(Optional<Value> lastStatus, Deadline deadline) {
        Release release = new Release(lastStatus, deadline);
        try {
            return release.run();
        } catch (DcsException.NotApplied e) {
            throw release.doubtful ? new DcsException.OutcomeUnknown(e.getMessage(), e) : e;
        }
    }

    /** One release with its repetitions. */
    private final class Release {
        private static final String WHAT = "giving up the lease";

        private final Deadline deadline;
        private Optional<Value> status;
        private boolean doubtful;

        Release(Optional<Value> lastStatus, Deadline deadline) {
            this.status = lastStatus;
            this.deadline = deadline;
        }

        Outcome<Outcome.Done> run() {
            Optional<StoredObject> now = look(WHAT, deadline);
            while (true) {
                LeaderRecord record = LeaderRecord.of(now);
                if (!record.names(name)) {
                    held = Optional.empty();
                    return record.free()
                            ? Outcome.done()
                            : Outcome.refused(
                                    Outcome.Refusal.NOT_MINE,
                                    "the leader record names " + record.leader());
                }
                StoredObject object = now.orElseThrow();
                Store.Written written = empty(object);
                if (written instanceof Store.Applied applied) {
                    saw(applied.object());
                    held = Optional.empty();
                    return Outcome.done();
                }
                if (written instanceof Store.Unacceptable bad) {
                    if (status.isEmpty()) {
                        throw new DcsException.NotApplied(bad.message());
                    }
                    // The status is worth less than a free lease.
                    status = Optional.empty();
                    continue;
                }
                doubtful |= ((Store.Conflict) written).doubtful();
                calls.pause(BETWEEN_CONFLICTS, deadline);
                now = look(WHAT, deadline);
            }
        }

        private Store.Written empty(StoredObject object) {
            Map<String, Optional<String>> annotations = new TreeMap<>();
            annotations.put(LeaderRecord.LEADER, Optional.empty());
            status.ifPresent(v -> annotations.putAll(Layout.STATUS.values(Optional.of(v))));
            return store.patch(WHAT, names, object, annotations, subsets.nobody(object), deadline);
        }
    }
}
