package com.example.matriarch.store;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
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
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Optional;

/**
 * One scope in the store. Where you begin: each call says what is true so far, that it did nothing.
 * The guide (docs/writing-a-plugin.md) tells the order in which to write them, and which rules of
 * the kit turn green with each.
 */
final class StoreDcs implements Dcs {
    private final DcsConfig config;
    private final StoreSettings servers;
    private volatile DcsSettings settings;

    StoreDcs(DcsConfig config, StoreSettings servers) {
        this.config = config;
        this.servers = servers;
        this.settings = config.settings();
    }

    @Override
    public DcsTraits traits() {
        return new DcsTraits(settings.ttl(), Duration.ofSeconds(1), false, true, "");
    }

    @Override
    public Snapshot read(Scope scope, Deadline deadline) {
        throw notYet("reading " + scope.path());
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        throw notYet(member() + " taking the lease");
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        throw notYet(member() + " renewing the lease");
    }

    @Override
    public Outcome<Outcome.Done> release(
            Lease lease, Optional<Value> lastStatus, Deadline deadline) {
        throw notYet(member() + " giving up the lease");
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        throw notYet(member() + " writing its record");
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        throw notYet("writing " + kind.key());
    }

    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        throw notYet("removing " + config.scope().path());
    }

    @Override
    public void reconfigure(DcsSettings changed) {
        settings = changed;
    }

    @Override
    public void close() {
        // Connections and threads end here, within five seconds (S5).
    }

    /** A read-only client, without a name, has neither lease nor record (S4). */
    private String member() {
        return config.member()
                .orElseThrow(() -> new IllegalStateException("a read-only client has no lease"));
    }

    private DcsException.NotApplied notYet(String what) {
        return new DcsException.NotApplied(
                what + ": this plug-in does not speak to " + servers.servers() + " yet");
    }
}
