package io.matriarch.conformance.memory;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Outcome.Refusal;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A client of a {@link MemoryStore}: the shortest complete backend. Every call has three steps that
 * any backend has: check the deadline before anything is sent (D3), note the time of sending, and
 * make one guarded, atomic change.
 *
 * <p>The lease and the member record are bound to one session of this client, which is opened by
 * the first call that needs it and replaced when the store lost it (S1). The epoch of a lease is
 * the revision that created the leader record, so it never repeats (L9).
 */
final class MemoryDcs implements Dcs {
    private final MemoryStore store;
    private final DcsConfig config;
    private final MemoryGate gate;
    private final Watch watch;
    private final Runnable onGateOpen;
    private final String folder;
    private volatile DcsSettings settings;
    private volatile boolean closed;
    // Read and written inside the store's steps only.
    private String session = "none";

    MemoryDcs(MemoryStore store, DcsConfig config, MemoryGate gate, Watch watch) {
        this.store = store;
        this.config = config;
        this.gate = gate;
        this.watch = watch;
        this.onGateOpen = watch::tellUnknown;
        this.folder = config.scope().path() + "/";
        this.settings = config.settings();
    }

    /** Begins to listen. Apart from the constructor, so that no unfinished object is called. */
    void start() {
        store.subscribe(this, watch);
        gate.onOpen(onGateOpen);
    }

    @Override
    public DcsTraits traits() {
        return new DcsTraits(settings.ttl(), Duration.ofNanos(1), false, true, "");
    }

    @Override
    public Snapshot read(Scope scope, Deadline deadline) {
        long sentAt = config.ticker().nanos();
        String below = scope.path() + "/";
        try {
            return call(deadline, ledger -> snapshot(below, ledger.below(below), sentAt));
        } catch (DcsException.OutcomeUnknown e) {
            throw new DcsException.NotApplied("the store's reply was lost", e);
        }
    }

    private static Snapshot snapshot(String below, Map<String, Stored> records, long sentAt) {
        Map<EntryKind, Entry> entries = new EnumMap<>(EntryKind.class);
        SortedMap<String, Entry> members = new TreeMap<>();
        records.forEach(
                (key, stored) -> {
                    String relative = key.substring(below.length());
                    EntryKind kind = EntryKind.ofKey(relative).orElse(null);
                    if (kind == EntryKind.MEMBER) {
                        String name = relative.substring(EntryKind.MEMBER.key().length());
                        members.put(name, stored.entry(kind));
                    } else if (kind != null) {
                        entries.put(kind, stored.entry(kind));
                    }
                });
        return new Snapshot(entries, members, sentAt);
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        return prove(LeaderUpdate.NONE, Refusal.HELD_BY_OTHER, deadline);
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        return prove(update, Refusal.NOT_MINE, deadline);
    }

    /**
     * Takes the record if it is free, keeps it if it is mine, rebinds it if it carries my name and
     * another session. The store decides in one step, so the caller's snapshot is not needed.
     */
    private Outcome<Lease> prove(LeaderUpdate update, Refusal lost, Deadline deadline) {
        String me = member();
        long sentAt = config.ticker().nanos();
        Duration ttl = settings.ttl();
        return call(
                deadline,
                ledger -> {
                    Optional<Stored> found = ledger.get(leaderKey());
                    if (found.isPresent() && !found.get().text().equals(me)) {
                        String holder = found.get().text();
                        return Outcome.refused(lost, holder + " holds the lease");
                    }
                    keepSession(ledger, ttl);
                    Stored leader = bind(ledger, leaderKey(), me);
                    ledger.get(memberKey(me))
                            .ifPresent(mine -> bind(ledger, memberKey(me), mine.text()));
                    write(ledger, EntryKind.STATUS, update.status());
                    write(ledger, EntryKind.FAILSAFE, update.failsafe());
                    return Outcome.applied(lease(me, leader, sentAt + ttl.toNanos()));
                });
    }

    private static Lease lease(String member, Stored leader, long validUntil) {
        return new Lease(member, leader.created(), validUntil, leader.version());
    }

    @Override
    public Outcome<Outcome.Done> release(
            Lease lease, Optional<Value> lastStatus, Deadline deadline) {
        String me = member();
        return call(
                deadline,
                ledger -> {
                    Optional<Stored> found = ledger.get(leaderKey());
                    if (found.isEmpty()) {
                        return Outcome.refused(Refusal.MISSING, "nobody holds the lease");
                    }
                    // Name, epoch and session: a late release harms neither a later term of mine
                    // nor a process of my name that took over.
                    Stored leader = found.get();
                    if (!leader.text().equals(me)
                            || leader.created() != lease.epoch()
                            || !leader.boundTo(session)) {
                        return Outcome.refused(
                                Refusal.NOT_MINE, leader.text() + " holds another lease");
                    }
                    write(ledger, EntryKind.STATUS, lastStatus);
                    ledger.delete(leaderKey());
                    return Outcome.done();
                });
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        String name = member();
        if (!me.name().equals(name)) {
            throw new IllegalArgumentException(name + " cannot write the record of " + me.name());
        }
        Duration ttl = settings.ttl();
        checkSize(me.value());
        return call(
                deadline,
                ledger -> {
                    keepSession(ledger, ttl);
                    bind(ledger, memberKey(name), me.value().text());
                    return Outcome.done();
                });
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        if (kind == EntryKind.LEADER || kind == EntryKind.MEMBER) {
            throw new IllegalArgumentException(kind + " is bound to a session");
        }
        value.ifPresent(MemoryDcs::checkSize);
        String key = folder + kind.key();
        return call(
                deadline,
                ledger -> {
                    Optional<Refusal> refusal = refusal(ledger.get(key), guard);
                    if (refusal.isPresent()) {
                        return Outcome.refused(refusal.get(), kind.key());
                    }
                    if (value.isEmpty()) {
                        return Outcome.applied(new Version(Long.toString(ledger.delete(key))));
                    }
                    Stored stored = ledger.put(key, value.get().text(), Optional.empty());
                    return Outcome.applied(stored.version());
                });
    }

    private static Optional<Refusal> refusal(Optional<Stored> found, Guard guard) {
        if (guard instanceof Guard.Absent && found.isPresent()) {
            return Optional.of(Refusal.EXISTS);
        }
        if (guard instanceof Guard.Unchanged wanted) {
            if (found.isEmpty()) {
                return Optional.of(Refusal.MISSING);
            }
            if (!found.get().version().equals(wanted.version())) {
                return Optional.of(Refusal.VERSION_CHANGED);
            }
        }
        return Optional.empty();
    }

    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        return call(
                deadline,
                ledger -> {
                    ledger.deleteBelow(folder);
                    return Outcome.done();
                });
    }

    @Override
    public void reconfigure(DcsSettings next) {
        settings = next;
    }

    @Override
    public void close() {
        closed = true;
        store.unsubscribe(this);
        gate.forget(onGateOpen);
    }

    /** One request: nothing is sent after the deadline, and its reply may be lost on the way. */
    private <T> T call(Deadline deadline, Function<Ledger, T> step) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (deadline.passed()) {
            throw new DcsException.NotApplied("the deadline passed before the call");
        }
        gate.admit(deadline);
        store.checkPassword(config.section().text("password"));
        watch.check();
        T result = store.transact(this, step);
        gate.answer(deadline);
        return result;
    }

    private void keepSession(Ledger ledger, Duration ttl) {
        if (ledger.isOpen(session)) {
            ledger.keepAlive(session, ttl, store.now());
        } else {
            session = ledger.openSession(ttl, store.now());
        }
    }

    /** Makes a key carry this text and my session, and writes only if it does not already (M3). */
    private Stored bind(Ledger ledger, String key, String text) {
        return ledger.get(key)
                .filter(stored -> stored.text().equals(text) && stored.boundTo(session))
                .orElseGet(() -> ledger.put(key, text, Optional.of(session)));
    }

    /**
     * Writes what goes along with a renewal, if it is new; a value that does not fit is left (L7).
     */
    private void write(Ledger ledger, EntryKind kind, Optional<Value> value) {
        String key = folder + kind.key();
        value.map(Value::text)
                .filter(text -> text.length() <= MemoryStore.LARGEST_VALUE)
                .filter(text -> !ledger.get(key).map(Stored::text).equals(Optional.of(text)))
                .ifPresent(text -> ledger.put(key, text, Optional.empty()));
    }

    private static void checkSize(Value value) {
        if (value.text().length() > MemoryStore.LARGEST_VALUE) {
            throw new DcsException.NotApplied(
                    "a value is larger than " + MemoryStore.LARGEST_VALUE + " characters");
        }
    }

    private String member() {
        return config.member()
                .orElseThrow(() -> new IllegalStateException("a read-only client has no lease"));
    }

    private String leaderKey() {
        return folder + EntryKind.LEADER.key();
    }

    private String memberKey(String name) {
        return folder + EntryKind.MEMBER.key() + name;
    }
}
