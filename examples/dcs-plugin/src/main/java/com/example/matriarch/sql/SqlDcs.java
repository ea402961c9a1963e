package com.example.matriarch.sql;

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
import io.matriarch.spi.Outcome.Refusal;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Optional;

/**
 * One scope in a database. The lease and the member record belong to a session, a row that each
 * acquire, renew and touch prolongs and that the database's clock ends. All of them end as one
 * round trip, so a request is either in the database or it is not.
 *
 * <p>{@code validUntil} counts from before the request was sent and leaves out a twentieth of the
 * ttl: the database's clock may be slewed that much against ours. It must not be stepped.
 */
final class SqlDcs implements Dcs {
    private static final int DRIFT = 20;
    private static final Duration SMALLEST_TTL = Duration.ofMillis(1);

    private final DcsConfig config;
    private final String scope;
    private final Connections connections;
    private final Calls calls;
    private final Database database;
    private final ScopeWatch watch;
    private volatile DcsSettings settings;
    private volatile Optional<Long> session = Optional.empty();

    private SqlDcs(DcsConfig config, SqlSettings section, DcsListener listener) {
        this.config = config;
        this.scope = config.scope().path();
        this.settings = config.settings();
        Clock clock = new Clock(config.ticker());
        this.connections = new Connections(section, clock);
        this.calls = new Calls(connections);
        this.database = new Database(calls, clock, config.ticker());
        this.watch = new ScopeWatch(scope, connections, config.settings().loopWait(), listener);
    }

    static SqlDcs open(DcsConfig config, DcsListener listener) {
        SqlDcs dcs = new SqlDcs(config, SqlSettings.of(config.section()), listener);
        dcs.watch.start();
        return dcs;
    }

    @Override
    public DcsTraits traits() {
        return new DcsTraits(settings.ttl(), SMALLEST_TTL, false, true, "");
    }

    @Override
    public Snapshot read(Scope wanted, Deadline deadline) {
        return database.snapshot(wanted.path(), deadline);
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        return claim("taking the lease", LeaderUpdate.NONE, Refusal.HELD_BY_OTHER, deadline);
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        return claim("renewing the lease", update, Refusal.NOT_MINE, deadline);
    }

    private Outcome<Lease> claim(
            String what, LeaderUpdate update, Refusal lost, Deadline deadline) {
        String me = member();
        Duration ttl = settings.ttl();
        Database.Claim claim = database.claim(what, scope, me, session, ttl, update, deadline);
        if (claim.verdict().equals("held")) {
            return Outcome.refused(lost, claim.holder() + " holds the lease");
        }
        session = Optional.of(claim.session());
        long valid = claim.sentAt() + ttl.minus(ttl.dividedBy(DRIFT)).toNanos();
        return Outcome.applied(
                new Lease(me, claim.version(), valid, new Version(Long.toString(claim.version()))));
    }

    @Override
    public Outcome<Outcome.Done> release(
            Lease lease, Optional<Value> lastStatus, Deadline deadline) {
        String verdict =
                database.release(scope, member(), session, lease.epoch(), lastStatus, deadline);
        return switch (verdict) {
            case "applied" -> Outcome.done();
            case "missing" -> Outcome.refused(Refusal.MISSING, "nobody holds the lease");
            default -> Outcome.refused(Refusal.NOT_MINE, "another lease is in force");
        };
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        String name = member();
        if (!me.name().equals(name)) {
            throw new IllegalArgumentException(name + " cannot write the record of " + me.name());
        }
        session =
                Optional.of(
                        database.touch(
                                scope, name, session, settings.ttl(), me.value(), deadline));
        return Outcome.done();
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        if (kind == EntryKind.LEADER || kind == EntryKind.MEMBER) {
            throw new IllegalArgumentException(kind + " is bound to a session");
        }
        Database.Change change = database.change(scope, kind.key(), value, guard, deadline);
        return switch (change.verdict()) {
            case "applied" -> Outcome.applied(new Version(Long.toString(change.version())));
            case "exists" -> Outcome.refused(Refusal.EXISTS, kind.key());
            case "missing" -> Outcome.refused(Refusal.MISSING, kind.key());
            default -> Outcome.refused(Refusal.VERSION_CHANGED, kind.key());
        };
    }

    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        database.purge(scope, deadline);
        return Outcome.done();
    }

    @Override
    public void reconfigure(DcsSettings changed) {
        settings = changed;
        watch.loopWait(changed.loopWait());
    }

    private String member() {
        return config.member()
                .orElseThrow(() -> new IllegalStateException("a read-only client has no lease"));
    }

    @Override
    public void close() {
        watch.close();
        calls.close();
        connections.close();
    }
}
