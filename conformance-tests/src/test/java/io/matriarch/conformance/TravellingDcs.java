package io.matriarch.conformance;

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
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** A client of the store in memory whose requests travel over a {@link VirtualLink}. */
final class TravellingDcs implements Dcs {
    /** Once a request has arrived the store answers it, whatever the caller's clock says. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    /** The inner client's clock: stands at the time of sending while a request is carried out. */
    static final class Sending implements Ticker {
        private final Ticker time;
        private final ThreadLocal<Optional<Long>> sentAt = ThreadLocal.withInitial(Optional::empty);

        Sending(Ticker time) {
            this.time = time;
        }

        @Override
        public long nanos() {
            return sentAt.get().orElseGet(time::nanos);
        }

        private <T> T as(long instant, Supplier<T> action) {
            sentAt.set(Optional.of(instant));
            try {
                return action.get();
            } finally {
                sentAt.remove();
            }
        }
    }

    private final Dcs inner;
    private final VirtualLink link;
    private final Sending clock;
    private final AtomicLong closed = new AtomicLong();

    TravellingDcs(Dcs inner, VirtualLink link, Sending clock) {
        this.inner = inner;
        this.link = link;
        this.clock = clock;
    }

    private <T> T carry(Deadline deadline, Function<Deadline, T> call, Optional<Runnable> late) {
        long sent = clock.nanos();
        return link.carry(
                deadline,
                () -> clock.as(sent, () -> call.apply(Deadline.after(clock, AT_ONCE))),
                late);
    }

    private <T> T carry(Deadline deadline, Function<Deadline, T> call) {
        return carry(deadline, call, Optional.empty());
    }

    @Override
    public DcsTraits traits() {
        return inner.traits();
    }

    @Override
    public Snapshot read(Scope scope, Deadline deadline) {
        try {
            return carry(deadline, d -> inner.read(scope, d));
        } catch (DcsException.OutcomeUnknown e) {
            throw new DcsException.NotApplied(e.getMessage(), e);
        }
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        return carry(deadline, d -> inner.acquire(judged, d));
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        return carry(deadline, d -> inner.renew(seen, update, d));
    }

    @Override
    public Outcome<Outcome.Done> release(
            Lease lease, Optional<Value> lastStatus, Deadline deadline) {
        return carry(deadline, d -> inner.release(lease, lastStatus, d));
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        return carry(deadline, d -> inner.touch(me, d));
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        Function<Deadline, Outcome<Version>> call = d -> inner.write(kind, value, guard, d);
        Runnable late =
                () -> {
                    if (closed.get() == 0) {
                        call.apply(Deadline.after(clock, AT_ONCE));
                    }
                };
        return carry(deadline, call, Optional.of(late));
    }

    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        return carry(deadline, inner::purge);
    }

    @Override
    public void reconfigure(DcsSettings settings) {
        inner.reconfigure(settings);
    }

    @Override
    public void close() {
        closed.set(1);
        inner.close();
    }
}
