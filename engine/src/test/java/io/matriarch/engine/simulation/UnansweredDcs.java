package io.matriarch.engine.simulation;

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

/** What a member sees of a store that does not answer: reads fail, writes may have been applied. */
final class UnansweredDcs implements Dcs {
    private final Dcs local;
    private final boolean neverSent;

    /**
     * @param local answers what needs no request
     * @param neverSent whether the member can tell that no request left it
     */
    UnansweredDcs(Dcs local, boolean neverSent) {
        this.local = local;
        this.neverSent = neverSent;
    }

    private DcsException lost() {
        return neverSent
                ? new DcsException.NotApplied("connection refused")
                : new DcsException.OutcomeUnknown("no answer by the deadline");
    }

    @Override
    public DcsTraits traits() {
        return local.traits();
    }

    @Override
    public Snapshot read(Scope scope, Deadline deadline) {
        throw new DcsException.NotApplied("no answer by the deadline");
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        throw lost();
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        throw lost();
    }

    @Override
    public Outcome<Outcome.Done> release(Lease lease, Optional<Value> last, Deadline deadline) {
        throw lost();
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        throw lost();
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        throw lost();
    }

    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        throw lost();
    }

    @Override
    public void reconfigure(DcsSettings settings) {
        local.reconfigure(settings);
    }

    @Override
    public void close() {
        local.close();
    }
}
