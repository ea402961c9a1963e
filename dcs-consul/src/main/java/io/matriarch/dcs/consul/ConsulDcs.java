package io.matriarch.dcs.consul;

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
 * One scope in Consul, through the local agent.
 *
 * <p>Consul promises to keep a session for its ttl only, and ends it after twice that time; so the
 * session has half the ttl of the configuration. It ends a session at once when an operator does,
 * or when a health check that the operator bound to it fails: a lease may end early.
 */
final class ConsulDcs implements Dcs {
    /** The parts that only a member has: they need a session. */
    private record Membership(
            Session session,
            MemberRecord record,
            LeaderRecord leader,
            Optional<ServiceRecord> service) {}

    private final Scope scope;
    private final Keys keys;
    private final Ticker ticker;
    private final ConsulSettings section;
    private final Calls calls;
    private final KeyValues store;
    private final Entries entries;
    private final Memory memory = new Memory();
    private final Freshness freshness;
    private final ScopeWatch watch;
    private final Optional<Membership> membership;
    private volatile DcsSettings settings;

    private ConsulDcs(DcsConfig config, ConsulSettings section, DcsListener listener) {
        this.scope = config.scope();
        this.keys = new Keys(scope);
        this.ticker = config.ticker();
        this.settings = config.settings();
        this.section = section;
        this.calls = new Calls(agent("calls"), section.access().datacenter());
        // A tool shows what is, whatever the daemons may do with.
        this.freshness =
                new Freshness(
                        config.member().isPresent()
                                ? section.access().consistency()
                                : ConsulSettings.Consistency.CONSISTENT);
        this.store = new KeyValues(calls, freshness);
        this.entries = new Entries(keys, store, memory);
        this.watch =
                new ScopeWatch(
                        keys, agent("watch"), section.access().datacenter(), ticker, listener);
        this.membership = config.member().map(this::membership);
        applyTiming(config.settings());
    }

    static ConsulDcs open(DcsConfig config, DcsListener listener) {
        ConsulDcs dcs = new ConsulDcs(config, ConsulSettings.of(config.section()), listener);
        dcs.watch.start();
        return dcs;
    }

    private Agent agent(String purpose) {
        Address address = section.agent();
        Connections connections = new Connections(address.tls(), new Tls(section.tls()));
        return new Agent(purpose, address, section.access().token(), connections);
    }

    private Membership membership(String name) {
        Session session =
                new Session(
                        calls, ticker, scope.name() + "-" + name, section.checks(), settings.ttl());
        MemberRecord record = new MemberRecord(name, keys, store, session, memory);
        return new Membership(
                session,
                record,
                new LeaderRecord(name, keys, store, session, record, memory, ticker),
                section.registration()
                        .map(how -> new ServiceRecord(scope.name(), name, how, calls)));
    }

    @Override
    public DcsTraits traits() {
        Duration wanted = membership.map(m -> m.session().wantedTtl()).orElse(settings.ttl());
        Duration effective = membership.map(m -> m.session().effectiveTtl()).orElse(settings.ttl());
        Duration smallest =
                membership
                        .map(m -> m.session().smallestTtl())
                        .orElse(Session.USUAL_SMALLEST.multipliedBy(2));
        String granted =
                effective.compareTo(wanted) > 0
                        ? "Consul grants no session shorter than half of "
                                + effective.toSeconds()
                                + " s"
                        : "Consul ends a session after twice its ttl, so it has half of this time";
        String note =
                granted
                        + "; it may end it earlier"
                        + (freshness.linearizable() ? "" : ", and a read may lag behind others");
        return new DcsTraits(effective, smallest, true, freshness.linearizable(), note);
    }

    @Override
    public Snapshot read(Scope wanted, Deadline deadline) {
        return answered(
                () -> wanted.equals(scope) ? readOwn(deadline) : readOther(wanted, deadline));
    }

    private Snapshot readOwn(Deadline deadline) {
        long sentAt = ticker.nanos();
        KeyValues.Listing listing = freshness.read(parameter -> list(keys, parameter, deadline));
        Snapshot snapshot = snapshot(keys, listing, sentAt);
        remember(listing);
        return snapshot;
    }

    private Snapshot readOther(Scope wanted, Deadline deadline) {
        Keys others = new Keys(wanted);
        long sentAt = ticker.nanos();
        return snapshot(others, list(others, Optional.of(KeyValues.CONSISTENT), deadline), sentAt);
    }

    private KeyValues.Listing list(Keys of, Optional<String> consistency, Deadline deadline) {
        Ask ask = KeyValues.list(of.folder());
        return KeyValues.listing(
                calls.call(
                        "reading the scope",
                        Calls.Repeat.HARMLESS,
                        consistency.map(ask::with).orElse(ask),
                        deadline));
    }

    private static Snapshot snapshot(Keys keys, KeyValues.Listing listing, long sentAt) {
        Map<EntryKind, Entry> entries = new EnumMap<>(EntryKind.class);
        TreeMap<String, Entry> members = new TreeMap<>();
        listing.keys()
                .forEach(
                        (key, stored) -> {
                            String relative = keys.relative(key);
                            EntryKind.ofKey(relative)
                                    .ifPresent(
                                            kind -> {
                                                if (kind == EntryKind.MEMBER) {
                                                    members.put(
                                                            relative.substring(kind.key().length()),
                                                            stored.entry(kind));
                                                } else {
                                                    entries.put(kind, stored.entry(kind));
                                                }
                                            });
                        });
        return new Snapshot(entries, members, sentAt);
    }

    private void remember(KeyValues.Listing listing) {
        for (EntryKind kind : EntryKind.values()) {
            String key = keys.of(kind);
            memory.saw(key, Optional.ofNullable(listing.keys().get(key)));
        }
        membership.ifPresent(
                m -> {
                    String key = m.record().key();
                    memory.saw(key, Optional.ofNullable(listing.keys().get(key)));
                });
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        Membership me = member();
        return answered(() -> me.leader().claim("taking the lease", LeaderUpdate.NONE, deadline));
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        Membership me = member();
        return answered(() -> me.leader().claim("renewing the lease", update, deadline));
    }

    @Override
    public Outcome<Outcome.Done> release(
            Lease lease, Optional<Value> lastStatus, Deadline deadline) {
        Membership me = member();
        return answered(() -> me.leader().release(lastStatus, deadline));
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry entry, Deadline deadline) {
        Membership me = member();
        return answered(
                () -> {
                    me.record().touch(entry, deadline);
                    me.service().ifPresent(s -> s.keep(entry, me.session().sessionTtl(), deadline));
                    return Outcome.done();
                });
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        return answered(() -> entries.write(kind, value, guard, deadline));
    }

    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        Ask everything = Ask.delete("/v1/kv/" + Ask.encodedPath(keys.folder())).with("recurse");
        return answered(
                () -> {
                    Answer answer =
                            calls.call(
                                    "removing the scope",
                                    Calls.Repeat.HARMLESS,
                                    everything,
                                    deadline);
                    if (!answer.ok()) {
                        throw new StoreRejected(answer.toString());
                    }
                    freshness.deleted();
                    return Outcome.done();
                });
    }

    /** An error that no operation could act on is no answer either. */
    private static <T> T answered(Supplier<T> operation) {
        try {
            return operation.get();
        } catch (StoreRejected e) {
            throw new DcsException.NotApplied("Consul rejected a request: " + e.getMessage(), e);
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
        calls.timing(timing.retryTimeout());
        watch.timing(timing.loopWait());
    }

    @Override
    public void close() {
        watch.close();
        calls.close();
    }
}
