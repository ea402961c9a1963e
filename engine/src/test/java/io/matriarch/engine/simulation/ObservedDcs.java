package io.matriarch.engine.simulation;

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
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Carries out one request at the store and notes every operation in it. */
final class ObservedDcs implements Dcs {
    private final Dcs dcs;
    private final Supplier<Optional<String>> holder;
    private final long sentAt;
    private final long sentAtMember;
    private final Consumer<StoreCall.Operation> log;

    /**
     * @param sentAt true time
     * @param sentAtMember the same instant on the member's clock
     */
    ObservedDcs(
            Dcs dcs,
            Supplier<Optional<String>> holder,
            long sentAt,
            long sentAtMember,
            Consumer<StoreCall.Operation> log) {
        this.dcs = dcs;
        this.holder = holder;
        this.sentAt = sentAt;
        this.sentAtMember = sentAtMember;
        this.log = log;
    }

    private <T> Outcome<T> noted(
            StoreCall.Verb verb,
            Optional<EntryKind> kind,
            Optional<Guard> guard,
            Optional<String> text,
            Supplier<Outcome<T>> call) {
        Optional<String> before = holder.get();
        Outcome<T> outcome = call.get();
        long proves =
                outcome.applied()
                        .filter(Lease.class::isInstance)
                        .map(lease -> ((Lease) lease).validUntil() - sentAtMember)
                        .orElse(0L);
        log.accept(
                new StoreCall.Operation(
                        verb,
                        kind,
                        guard,
                        text,
                        Optional.of(outcome),
                        before,
                        holder.get(),
                        sentAt,
                        proves));
        return outcome;
    }

    private <T> Outcome<T> noted(StoreCall.Verb verb, Supplier<Outcome<T>> call) {
        return noted(verb, Optional.empty(), Optional.empty(), Optional.empty(), call);
    }

    @Override
    public DcsTraits traits() {
        return dcs.traits();
    }

    @Override
    public Snapshot read(Scope scope, Deadline deadline) {
        Snapshot snapshot = dcs.read(scope, deadline);
        Optional<String> now = holder.get();
        log.accept(
                new StoreCall.Operation(
                        StoreCall.Verb.READ,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        now,
                        now,
                        sentAt,
                        0));
        return snapshot;
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        return noted(StoreCall.Verb.ACQUIRE, () -> dcs.acquire(judged, deadline));
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        return noted(StoreCall.Verb.RENEW, () -> dcs.renew(seen, update, deadline));
    }

    @Override
    public Outcome<Outcome.Done> release(Lease lease, Optional<Value> last, Deadline deadline) {
        return noted(StoreCall.Verb.RELEASE, () -> dcs.release(lease, last, deadline));
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        return noted(StoreCall.Verb.TOUCH, () -> dcs.touch(me, deadline));
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        return noted(
                StoreCall.Verb.WRITE,
                Optional.of(kind),
                Optional.of(guard),
                value.map(Value::text),
                () -> dcs.write(kind, value, guard, deadline));
    }

    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        return noted(StoreCall.Verb.PURGE, () -> dcs.purge(deadline));
    }

    @Override
    public void reconfigure(DcsSettings settings) {
        dcs.reconfigure(settings);
    }

    @Override
    public void close() {
        dcs.close();
    }
}
