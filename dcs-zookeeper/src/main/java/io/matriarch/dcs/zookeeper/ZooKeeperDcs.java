package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.Deadline;
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
import java.util.Optional;

/**
 * One scope in ZooKeeper. An expired session is ended by the ensemble's leader within a tick; after
 * an election all sessions get their full time once more. Both are late, never early.
 */
final class ZooKeeperDcs implements Dcs {
    /** Twice the tick of two seconds that servers have by default. */
    private static final Duration SMALLEST_TTL = Duration.ofSeconds(4);

    /** The least that an attempt to connect is given. */
    private static final Duration LEAST_ATTEMPT = Duration.ofSeconds(1);

    /** The parts that only a member has: they need a session. */
    private record Membership(MemberRecord record, LeaderRecord leader, LeaseKeeper keeper) {}

    private final Scope scope;
    private final TlsStores tls;
    private final Sessions sessions;
    private final Calls calls;
    private final Entries entries;
    private final Reader reader;
    private final Optional<Membership> membership;

    private ZooKeeperDcs(DcsConfig config, ZooKeeperSettings section, DcsListener listener) {
        this.scope = config.scope();
        Ticker ticker = config.ticker();
        Paths paths = new Paths(scope);
        ScopeWatch watch = new ScopeWatch(paths, listener);
        this.tls = new TlsStores(section);
        Duration attempt = attempt(config.settings(), section.hosts().size());
        Observing observing = new Observing(watch);
        this.sessions =
                new Sessions(
                        ttl ->
                                new Connection(
                                        section,
                                        tls,
                                        ttl,
                                        attempt,
                                        ticker,
                                        config.member().isEmpty(),
                                        observing),
                        config.settings().ttl(),
                        attempt);
        observing.sessions = sessions;
        this.calls = new Calls(sessions, ticker, section.hosts().size(), section.section());
        Folders folders = new Folders(section.acl());
        Seen seen = new Seen();
        this.entries = new Entries(paths, calls, folders, seen);
        this.reader = new Reader(calls, ticker, scope, seen);
        this.membership = config.member().map(name -> membership(name, paths, folders, ticker));
    }

    /** Ends a circle: the connections that sessions open tell the sessions of changes. */
    private static final class Observing implements Connection.Observer {
        private final ScopeWatch watch;
        private volatile Sessions sessions;

        Observing(ScopeWatch watch) {
            this.watch = watch;
        }

        @Override
        public void connected(Live live, boolean newSession) {
            watch.connected(live, newSession);
        }

        @Override
        public void changed() {
            sessions.changed();
        }
    }

    /** Enough attempts within one operation to reach a good server after all others. */
    private static Duration attempt(DcsSettings timing, int servers) {
        Duration part = timing.retryTimeout().dividedBy(servers + 1L);
        return part.compareTo(LEAST_ATTEMPT) > 0 ? part : LEAST_ATTEMPT;
    }

    static ZooKeeperDcs open(DcsConfig config, DcsListener listener) {
        ZooKeeperDcs dcs =
                new ZooKeeperDcs(config, ZooKeeperSettings.of(config.section()), listener);
        dcs.start();
        return dcs;
    }

    private void start() {
        sessions.start();
        membership.ifPresent(m -> m.keeper().start(m.leader()::lapse));
    }

    private Membership membership(String name, Paths paths, Folders folders, Ticker ticker) {
        LeaseKeeper keeper = new LeaseKeeper(sessions, ticker);
        MemberRecord record = new MemberRecord(name, paths, calls, folders);
        return new Membership(
                record, new LeaderRecord(paths, calls, sessions, record, folders, keeper), keeper);
    }

    @Override
    public DcsTraits traits() {
        Duration effective = sessions.effectiveTtl();
        String note = Connection.difference(sessions.wantedTtl(), effective);
        Duration smallest = effective.compareTo(SMALLEST_TTL) < 0 ? effective : SMALLEST_TTL;
        return new DcsTraits(effective, smallest, false, true, note);
    }

    @Override
    public Snapshot read(Scope wanted, Deadline deadline) {
        return reader.read(wanted, deadline);
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        return member().leader().claim("taking the lease", LeaderUpdate.NONE, deadline);
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        return member().leader().claim("renewing the lease", update, deadline);
    }

    @Override
    public Outcome<Outcome.Done> release(
            Lease lease, Optional<Value> lastStatus, Deadline deadline) {
        return member().leader().release(lastStatus, deadline);
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        long session = member().record().touch(me, deadline);
        if (member().leader().boundOnlyTo(session)) {
            sessions.leaveFormer();
        }
        return Outcome.done();
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        return entries.write(kind, value, guard, deadline);
    }

    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        Purge purge = new Purge();
        calls.call(
                "removing the scope",
                deadline,
                purge::wrote,
                round -> purge.round(round, scope.path()));
        return Outcome.done();
    }

    private Membership member() {
        return membership.orElseThrow(
                () -> new IllegalStateException("a read-only client has no lease and no record"));
    }

    @Override
    public void reconfigure(DcsSettings changed) {
        sessions.ttl(changed.ttl());
    }

    @Override
    public void close() {
        membership.ifPresent(m -> m.keeper().close());
        sessions.close();
        tls.close();
    }
}
