package io.matriarch.benchmark.costs;

import io.matriarch.spi.Dcs;
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
import java.util.Optional;
import java.util.function.Supplier;

/** A real backend, of which is noted what it answered and when. */
final class ObservedDcs implements Dcs {
    /** Hears of answers, on the threads that asked. */
    interface Observer {
        void read(Snapshot snapshot);

        void taken();

        void released();

        void failed();
    }

    private final Dcs real;
    private final Observer observer;

    ObservedDcs(Dcs real, Observer observer) {
        this.real = real;
        this.observer = observer;
    }

    private <T> T noted(Supplier<T> call) {
        try {
            return call.get();
        } catch (DcsException e) {
            observer.failed();
            throw e;
        }
    }

    @Override
    public DcsTraits traits() {
        return real.traits();
    }

    @Override
    public Snapshot read(Scope scope, Deadline deadline) {
        Snapshot snapshot = noted(() -> real.read(scope, deadline));
        observer.read(snapshot);
        return snapshot;
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        Outcome<Lease> outcome = noted(() -> real.acquire(judged, deadline));
        if (outcome.isApplied()) {
            observer.taken();
        }
        return outcome;
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        return noted(() -> real.renew(seen, update, deadline));
    }

    @Override
    public Outcome<Outcome.Done> release(
            Lease lease, Optional<Value> lastStatus, Deadline deadline) {
        Outcome<Outcome.Done> outcome = noted(() -> real.release(lease, lastStatus, deadline));
        if (outcome.isApplied()) {
            observer.released();
        }
        return outcome;
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        return noted(() -> real.touch(me, deadline));
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        return noted(() -> real.write(kind, value, guard, deadline));
    }

    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        return noted(() -> real.purge(deadline));
    }

    @Override
    public void reconfigure(DcsSettings settings) {
        real.reconfigure(settings);
    }

    @Override
    public void close() {
        real.close();
    }
}
