package io.matriarch.conformance;

import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
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
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A client that does what it should; a planted fault overrides one method of it. */
class Wrapped implements Dcs {
    private final Dcs inner;

    Wrapped(Sound sound) {
        this.inner = sound.dcs();
    }

    /** A client without faults, and what a fault may lay hands on. */
    record Sound(Dcs dcs, DcsConfig config, MemoryStore store) {
        /** Who holds the lease now. */
        Optional<String> leader(Deadline deadline) {
            return dcs.read(config.scope(), deadline).leader();
        }

        /** This member's record as it is now. */
        Optional<Entry> record(Deadline deadline) {
            return config.member().map(dcs.read(config.scope(), deadline).members()::get);
        }

        /** Writes a key past all guards, and bound to no session. */
        void put(String key, String text) {
            store.put(config.scope(), key, text);
        }

        /** Removes the leader record past all guards. */
        void removeLeader() {
            store.delete(config.scope(), EntryKind.LEADER.key());
        }
    }

    /** The same answer with another lease, if one was granted. */
    static Outcome<Lease> granted(Outcome<Lease> outcome, UnaryOperator<Lease> change) {
        return outcome.applied().map(change).map(Outcome::applied).orElse(outcome);
    }

    /** The same lease with another end. */
    static Lease ending(Lease lease, long until) {
        return new Lease(lease.member(), lease.epoch(), until, lease.version());
    }

    @Override
    public DcsTraits traits() {
        return inner.traits();
    }

    @Override
    public Snapshot read(Scope scope, Deadline deadline) {
        return inner.read(scope, deadline);
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        return inner.acquire(judged, deadline);
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        return inner.renew(seen, update, deadline);
    }

    @Override
    public Outcome<Outcome.Done> release(
            Lease lease, Optional<Value> lastStatus, Deadline deadline) {
        return inner.release(lease, lastStatus, deadline);
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        return inner.touch(me, deadline);
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        return inner.write(kind, value, guard, deadline);
    }

    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        return inner.purge(deadline);
    }

    @Override
    public void reconfigure(DcsSettings settings) {
        inner.reconfigure(settings);
    }

    @Override
    public void close() {
        inner.close();
    }
}
