package io.matriarch.engine.codec;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.FailoverRequest;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the REST server and the ctl ask of the store. Every call blocks for at most the budget and
 * throws {@link io.matriarch.spi.DcsException} if the store gave no answer. Safe for use by any
 * thread; it does not own the backend.
 */
public final class ClusterStore {
    private final Dcs dcs;
    private final Scope scope;
    private final Ticker ticker;
    private final Supplier<Duration> budget;

    /**
     * @param scope the cluster that is read; writes go to the backend's own
     * @param budget of one call, asked for anew each time
     */
    public ClusterStore(Dcs dcs, Scope scope, Ticker ticker, Supplier<Duration> budget) {
        this.dcs = Objects.requireNonNull(dcs);
        this.scope = Objects.requireNonNull(scope);
        this.ticker = Objects.requireNonNull(ticker);
        this.budget = Objects.requireNonNull(budget);
    }

    public ClusterView read() {
        return ClusterCodec.view(dcs.read(scope, deadline()));
    }

    public Outcome<Version> failover(FailoverRequest request, Guard guard) {
        return write(EntryKind.FAILOVER, ClusterCodec.failover(request), guard);
    }

    public Outcome<Version> clearFailover(Guard guard) {
        return write(EntryKind.FAILOVER, ClusterCodec.noFailover(), guard);
    }

    public Outcome<Version> config(Map<String, Object> document, Guard guard) {
        return write(EntryKind.CONFIG, ClusterCodec.config(document), guard);
    }

    /** Removes the whole cluster from the store. */
    public Outcome<Outcome.Done> purge() {
        return dcs.purge(deadline());
    }

    private Outcome<Version> write(EntryKind kind, Value value, Guard guard) {
        return dcs.write(kind, Optional.of(value), guard, deadline());
    }

    private Deadline deadline() {
        return Deadline.after(ticker, budget.get());
    }
}
