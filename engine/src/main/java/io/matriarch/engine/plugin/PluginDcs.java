package io.matriarch.engine.plugin;

import io.matriarch.spi.Dcs;
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

/** A plug-in's backend, each call of which runs with the plug-in's loader as context loader. */
record PluginDcs(Dcs backend, ContextLoader context) implements Dcs {
    @Override
    public DcsTraits traits() {
        return context.call(backend::traits);
    }

    @Override
    public Snapshot read(Scope scope, Deadline deadline) {
        return context.call(() -> backend.read(scope, deadline));
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        return context.call(() -> backend.acquire(judged, deadline));
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        return context.call(() -> backend.renew(seen, update, deadline));
    }

    @Override
    public Outcome<Outcome.Done> release(
            Lease lease, Optional<Value> lastStatus, Deadline deadline) {
        return context.call(() -> backend.release(lease, lastStatus, deadline));
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        return context.call(() -> backend.touch(me, deadline));
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        return context.call(() -> backend.write(kind, value, guard, deadline));
    }

    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        return context.call(() -> backend.purge(deadline));
    }

    @Override
    public void reconfigure(DcsSettings settings) {
        context.run(() -> backend.reconfigure(settings));
    }

    @Override
    public void close() {
        context.run(backend::close);
    }
}
