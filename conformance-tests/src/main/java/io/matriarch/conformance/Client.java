package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
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
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.util.Optional;

/**
 * One opened {@link Dcs} with its listener. The calls without a deadline are for a healthy store:
 * they read first where the contract wants a snapshot, as the engine does.
 */
final class Client implements AutoCloseable {
    private final Dcs dcs;
    private final DcsConfig config;
    private final Hints hints;
    private final Bench bench;
    private volatile Snapshot seen = Snapshot.empty(System.nanoTime());

    Client(Dcs dcs, DcsConfig config, Hints hints, Bench bench) {
        this.dcs = dcs;
        this.config = config;
        this.hints = hints;
        this.bench = bench;
    }

    Dcs dcs() {
        return dcs;
    }

    Hints hints() {
        return hints;
    }

    String name() {
        return config.member().orElse("reader");
    }

    boolean isMember() {
        return config.member().isPresent();
    }

    Scope scope() {
        return config.scope();
    }

    /** The snapshot that was read last, or an empty one. */
    Snapshot seen() {
        return seen;
    }

    Snapshot read() {
        seen = dcs.read(config.scope(), soon());
        return seen;
    }

    Optional<Entry> read(EntryKind kind) {
        return read().entry(kind);
    }

    Optional<String> leader() {
        return read().leader();
    }

    Outcome<Lease> acquire() {
        return dcs.acquire(read(), soon());
    }

    /** Acquires, and fails the test if the lease is not granted. */
    Lease take() {
        return held(acquire());
    }

    Outcome<Lease> renew() {
        return renew(LeaderUpdate.NONE);
    }

    Outcome<Lease> renew(LeaderUpdate update) {
        return dcs.renew(read(), update, soon());
    }

    /** Renews, and fails the test if that is refused. */
    Lease prolong() {
        return held(renew());
    }

    /** Renews with the snapshot that was read last, and fails the test if that is refused. */
    Lease dcsRenew(Deadline deadline) {
        return held(dcs.renew(seen, LeaderUpdate.NONE, deadline));
    }

    private Lease held(Outcome<Lease> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Applied.class);
        Lease lease = outcome.applied().orElseThrow();
        assertThat(lease.member()).isEqualTo(name());
        return lease;
    }

    Outcome<Outcome.Done> release(Lease lease) {
        return dcs.release(lease, Optional.empty(), soon());
    }

    Outcome<Outcome.Done> touch(String text) {
        return bench.requireKnown(dcs.touch(entry(text), soon()));
    }

    MemberEntry entry(String text) {
        return new MemberEntry(name(), Value.of(text), "replica", "running");
    }

    Outcome<Version> write(EntryKind kind, String text, Guard guard) {
        return dcs.write(kind, Optional.of(Value.of(text)), guard, soon());
    }

    /** Writes whatever is there, and fails the test if that is refused. */
    Version put(EntryKind kind, String text) {
        return applied(write(kind, text, Guard.any()));
    }

    Outcome<Version> delete(EntryKind kind, Guard guard) {
        return dcs.write(kind, Optional.empty(), guard, soon());
    }

    static Version applied(Outcome<Version> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Applied.class);
        return outcome.applied().orElseThrow();
    }

    private Deadline soon() {
        return bench.soon();
    }

    @Override
    public void close() {
        dcs.close();
    }
}
