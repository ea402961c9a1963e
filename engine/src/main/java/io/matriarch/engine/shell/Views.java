package io.matriarch.engine.shell;

import io.matriarch.engine.codec.ClusterCodec;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.port.Scheduler;
import io.matriarch.engine.port.StoreAnswer;
import io.matriarch.engine.port.StorePort;
import io.matriarch.spi.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the store and remembers what it showed. Lives on the decision lane. */
final class Views {
    private static final Logger LOG = LoggerFactory.getLogger(Views.class);

    private final Scheduler scheduler;
    private final StorePort store;
    private final Supplier<Duration> budget;
    private final Runnable changed;

    private Optional<ClusterView> current = Optional.empty();
    private Optional<ClusterView> last = Optional.empty();
    private Optional<ClusterView> withLeader = Optional.empty();
    private Optional<Instant> lastSeen = Optional.empty();
    private boolean reading;
    private boolean readAgain;
    private boolean outdated = true;
    private boolean outdatedInReading;
    private String lastFailure = "";

    Views(Scheduler scheduler, StorePort store, Supplier<Duration> budget, Runnable changed) {
        this.scheduler = scheduler;
        this.store = store;
        this.budget = budget;
        this.changed = changed;
    }

    /** Reads now; a read that is under way is followed by another one. */
    void refresh() {
        if (reading) {
            readAgain = true;
            return;
        }
        reading = true;
        store.submit(
                StorePort.Lane.VIEW,
                budget.get(),
                (dcs, deadline) -> dcs.read(store.scope(), deadline),
                this::answered);
    }

    /**
     * What is known is no longer true, because this member changed it: no decision before a new
     * read.
     */
    void invalidate() {
        outdated = true;
        outdatedInReading = reading;
        refresh();
    }

    /** This member has just taken the lease: the rest of the view still stands. */
    void tookLease(String me) {
        current = current.map(view -> ledBy(view, me));
        last = current.or(() -> last);
        refresh();
    }

    private void answered(StoreAnswer<Snapshot> answer) {
        reading = false;
        boolean again = readAgain;
        readAgain = false;
        if (answer instanceof StoreAnswer.Answered<Snapshot> seen) {
            see(ClusterCodec.view(seen.value()));
        } else if (answer instanceof StoreAnswer.Failed<Snapshot> failed) {
            fail(failed);
        }
        // A read that began before the view became outdated does not make it true again; a mere
        // hint
        // during the read does, or a slow store with many hints would starve all decisions.
        outdated = outdatedInReading;
        outdatedInReading = false;
        if (again) {
            refresh();
        }
        changed.run();
    }

    private void see(ClusterView view) {
        if (!lastFailure.isEmpty()) {
            LOG.info("the store answers again");
            lastFailure = "";
        }
        current = Optional.of(view);
        last = current;
        if (view.leader().isPresent() || withLeader.isEmpty()) {
            withLeader = current;
        }
        lastSeen = Optional.of(scheduler.wall());
    }

    private void fail(StoreAnswer.Failed<Snapshot> failed) {
        if (!failed.message().equals(lastFailure)) {
            LOG.warn("Error communicating with DCS: {}", failed.message());
            lastFailure = failed.message();
        }
        current = Optional.empty();
    }

    private static ClusterView ledBy(ClusterView view, String me) {
        return new ClusterView(
                view.initialize(),
                view.config(),
                view.configVersion(),
                Optional.of(me),
                view.members(),
                view.failover(),
                view.failoverVersion(),
                view.sync(),
                view.syncVersion(),
                view.history(),
                view.status(),
                view.failsafe(),
                view.snapshot());
    }

    /** Nothing that this member did has made the view untrue since it was read. */
    boolean settled() {
        return !outdated;
    }

    Optional<ClusterView> current() {
        return current;
    }

    Optional<ClusterView> last() {
        return last;
    }

    Optional<ClusterView> withLeader() {
        return withLeader;
    }

    Optional<Instant> lastSeen() {
        return lastSeen;
    }
}
