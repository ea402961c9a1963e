package io.matriarch.dcs.etcd;

import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.DeleteOption;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsListener;
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
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One scope in etcd. An expired lease is removed by etcd within about a second (it looks twice a
 * second and then asks its quorum); after a change of etcd's leader all leases get their full time
 * once more. Both are late, never early.
 */
final class EtcdDcs implements Dcs {
    /** etcd grants no less than this with its default election timeout of a second. */
    private static final Duration SMALLEST_TTL = Duration.ofSeconds(2);

    /** The parts that only a member has: they need a lease. */
    private record Membership(Session session, MemberRecord record, LeaderRecord leader) {}

    private final Scope scope;
    private final Keys keys;
    private final Ticker ticker;
    private final Connections connections;
    private final Calls calls;
    private final Store store;
    private final Entries entries;
    private final Memory memory = new Memory();
    private final ScopeWatch watch;
    private final Optional<OldKeySpace> oldKeys;
    private final Optional<Membership> membership;
    private volatile DcsSettings settings;

    private EtcdDcs(DcsConfig config, EtcdSettings section, DcsListener listener) {
        this.scope = config.scope();
        this.keys = new Keys(scope);
        this.ticker = config.ticker();
        this.settings = config.settings();
        Tls tls = new Tls(section.tls());
        this.connections = new Connections(section, tls);
        Endpoints endpoints = new Endpoints(section.endpoints());
        this.calls = new Calls(endpoints, connections);
        this.store = new Store(calls);
        this.entries = new Entries(keys, store, memory);
        this.oldKeys =
                section.alias()
                        ? Optional.of(
                                new OldKeySpace(
                                        keys, endpoints, section.credentials(), tls::forHttp))
                        : Optional.empty();
        Topology topology = new Topology(section, endpoints, calls, ticker, oldKeys);
        this.watch = new ScopeWatch(keys, calls, connections, topology, ticker, listener);
        this.membership = config.member().map(this::membership);
        applyTiming(config.settings());
    }

    static EtcdDcs open(DcsConfig config, DcsListener listener) {
        EtcdDcs dcs = new EtcdDcs(config, EtcdSettings.of(config.section()), listener);
        dcs.watch.start();
        return dcs;
    }

    private Membership membership(String name) {
        Session session = new Session(calls, ticker, settings.ttl());
        MemberRecord record = new MemberRecord(name, keys, calls, session, memory);
        return new Membership(
                session, record, new LeaderRecord(name, keys, store, session, record, memory));
    }

    @Override
    public DcsTraits traits() {
        Duration wanted = membership.map(m -> m.session().wantedTtl()).orElse(settings.ttl());
        Duration effective = membership.map(m -> m.session().effectiveTtl()).orElse(settings.ttl());
        String note =
                effective.compareTo(wanted) > 0
                        ? "etcd grants no lease shorter than "
                                + effective.toSeconds()
                                + " s with its election timeout"
                        : "";
        return new DcsTraits(effective, SMALLEST_TTL, false, true, note);
    }

    @Override
    public Snapshot read(Scope wanted, Deadline deadline) {
        boolean own = wanted.equals(scope);
        Keys of = own ? keys : new Keys(wanted);
        long sentAt = ticker.nanos();
        GetResponse answer =
                answered(() -> store.range(of.prefix(), "reading the scope", deadline));
        Snapshot snapshot = snapshot(of, answer, sentAt);
        if (own) {
            remember(snapshot, answer.getHeader().getRevision());
        }
        return snapshot;
    }

    private static Snapshot snapshot(Keys keys, GetResponse answer, long sentAt) {
        Map<EntryKind, Entry> entries = new EnumMap<>(EntryKind.class);
        TreeMap<String, Entry> members = new TreeMap<>();
        for (KeyValue kv : answer.getKvs()) {
            String relative = keys.relative(kv.getKey());
            Optional<EntryKind> kind = EntryKind.ofKey(relative);
            if (kind.isEmpty()) {
                continue;
            }
            Entry entry = Stored.of(kv).entry(kind.get());
            if (kind.get() == EntryKind.MEMBER) {
                members.put(relative.substring(EntryKind.MEMBER.key().length()), entry);
            } else {
                entries.put(kind.get(), entry);
            }
        }
        return new Snapshot(entries, members, sentAt);
    }

    private void remember(Snapshot snapshot, long revision) {
        for (EntryKind kind : EntryKind.values()) {
            memory.saw(keys.of(kind), snapshot.entry(kind).map(EtcdDcs::stored), revision);
        }
        membership.ifPresent(
                m ->
                        memory.saw(
                                m.record().key(),
                                Optional.ofNullable(snapshot.members().get(m.record().name()))
                                        .map(EtcdDcs::stored),
                                revision));
    }

    private static Stored stored(Entry entry) {
        return new Stored(
                entry.text(),
                Long.parseLong(entry.version().token()),
                entry.session().map(lease -> Long.parseUnsignedLong(lease, 16)).orElse(0L));
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        Membership me = member();
        refuseBesideOldKeys(deadline);
        return answered(() -> me.leader().claim("taking the lease", LeaderUpdate.NONE, deadline));
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        return answered(() -> member().leader().claim("renewing the lease", update, deadline));
    }

    @Override
    public Outcome<Outcome.Done> release(
            Lease lease, Optional<Value> lastStatus, Deadline deadline) {
        return answered(() -> member().leader().release(lastStatus, deadline));
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        return answered(
                () -> {
                    member().record().touch(me, deadline);
                    return Outcome.done();
                });
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        if (kind == EntryKind.INITIALIZE && value.isPresent()) {
            refuseBesideOldKeys(deadline);
        }
        return answered(() -> entries.write(kind, value, guard, deadline));
    }

    /** Whoever leads or bootstraps here must be sure that nobody does in the v2 key space. */
    private void refuseBesideOldKeys(Deadline deadline) {
        oldKeys.ifPresent(old -> old.mustBeEmpty(deadline));
    }

    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        DeleteOption everything = DeleteOption.builder().isPrefix(true).build();
        return answered(
                () -> {
                    calls.call(
                            "removing the scope",
                            Calls.Repeat.HARMLESS,
                            deadline,
                            client -> client.getKVClient().delete(keys.prefix(), everything));
                    return Outcome.done();
                });
    }

    /** An error that no operation could act on is no answer either. */
    private static <T> T answered(Supplier<T> operation) {
        try {
            return operation.get();
        } catch (StoreRejected e) {
            throw new DcsException.NotApplied("etcd rejected a request: " + e.getMessage(), e);
        }
    }

    private Membership member() {
        return membership.orElseThrow(
                () -> new IllegalStateException("a read-only client has no lease and no record"));
    }

    @Override
    public void reconfigure(DcsSettings changed) {
        settings = changed;
        membership.ifPresent(m -> m.session().ttl(changed.ttl()));
        applyTiming(changed);
    }

    private void applyTiming(DcsSettings timing) {
        connections.silence(timing.loopWait().plus(timing.retryTimeout()));
        watch.timing(timing.ttl());
    }

    @Override
    public void close() {
        watch.close();
        calls.close();
        connections.close();
    }
}
