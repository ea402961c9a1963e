package io.matriarch.engine.shell;

import io.matriarch.engine.decide.LeaseBelief;
import io.matriarch.engine.port.Scheduler;
import io.matriarch.engine.port.StoreAnswer;
import io.matriarch.engine.port.StorePort;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the lease alive, and knows how long it is proven. Renewals run on a store lane of their
 * own, but only while decisions are being made: an engine that hangs loses the lease on purpose.
 * Lives on the decision lane.
 */
final class LeaseKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private static final Duration RETRY = Duration.ofMillis(500);

    /** A store in good health answers a first question well within this. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(1);

    /** What the keeper needs to know of its surroundings. */
    interface Surroundings {
        Duration loopWait();

        Duration retryTimeout();

        Snapshot seen();

        /** What a leader writes along with a renewal. */
        LeaderUpdate update();

        /** Decisions are being made. */
        boolean progressing();

        /** The belief changed, or its end is near: decide. */
        void beliefChanged();

        /**
         * No process of the server may write after the second instant; the stop begins at the
         * first.
         */
        void armed(long stopAt, long writesEndAt);

        /** Nothing is believed to be held any more. */
        void disarmed();

        /** The moment has come at which a stop must begin. */
        void deadline();
    }

    private final Scheduler scheduler;
    private final StorePort store;
    private final Surroundings around;

    private LeaseBelief belief;
    private Scheduler.Cancellable renewal = () -> {};
    private Scheduler.Cancellable deadman = () -> {};
    private boolean busy;
    private boolean renewAgain;
    private boolean wanted;
    private long generation;
    private long triedAt;

    LeaseKeeper(Scheduler scheduler, StorePort store, Surroundings around) {
        this.scheduler = scheduler;
        this.store = store;
        this.around = around;
        this.belief = LeaseBelief.none(store.traits().effectiveTtl());
        this.triedAt = scheduler.nanos() - RETRY.toNanos();
    }

    LeaseBelief belief() {
        return belief;
    }

    /**
     * A server may still run under the lease of an earlier process. If that lease has ended, there
     * is a moment for the store's first answer, which may show that nobody else has led since.
     *
     * @param member whose lease
     * @param writesEndAt the end of the earlier process's proof
     */
    void inherit(String member, long writesEndAt) {
        LeaseBelief none = LeaseBelief.none(store.traits().effectiveTtl());
        long atLeast = scheduler.nanos() + FIRST_ANSWER.toNanos() + none.stopBudget().toNanos();
        long until = (writesEndAt - atLeast < 0 ? atLeast : writesEndAt) + none.margin().toNanos();
        believe(
                LeaseBelief.State.INHERITED,
                Optional.of(new Lease(member, 0, until, new Version("inherited"))));
        armDeadman();
    }

    /** The refusal was acted on, or nothing of the old lease matters any more. */
    void forget() {
        generation++;
        renewal.cancel();
        deadman.cancel();
        around.disarmed();
        belief = LeaseBelief.none(store.traits().effectiveTtl());
    }

    void acquire(Snapshot judged, Consumer<StoreAnswer<Outcome<Lease>>> to) {
        if (busy) {
            wanted = true;
            return;
        }
        busy = true;
        long mine = ++generation;
        store.submit(
                StorePort.Lane.LEASE,
                around.retryTimeout(),
                (dcs, deadline) -> dcs.acquire(judged, deadline),
                answer -> {
                    busy = false;
                    if (mine == generation && lease(answer).isPresent()) {
                        hold(lease(answer).get());
                    }
                    to.accept(answer);
                    tellWhoWaited();
                });
    }

    /** A decision wanted the lane while it was taken: it is made again. */
    private void tellWhoWaited() {
        if (wanted) {
            wanted = false;
            around.beliefChanged();
        }
    }

    long now() {
        return scheduler.nanos();
    }

    /** Proves the lease soon: at once, or a moment after the last try. */
    void renewPaced() {
        if (belief.state() == LeaseBelief.State.RELEASING) {
            return;
        }
        long since = scheduler.nanos() - triedAt;
        if (since >= RETRY.toNanos()) {
            renew();
        } else {
            schedule(RETRY.minusNanos(since));
        }
    }

    /** Proves the lease now, unless that is being done. */
    void renew() {
        if (belief.state() == LeaseBelief.State.RELEASING) {
            return;
        }
        if (busy) {
            renewAgain = true;
            return;
        }
        renewal.cancel();
        busy = true;
        triedAt = scheduler.nanos();
        long mine = generation;
        LeaderUpdate update = around.update();
        Snapshot seen = around.seen();
        store.submit(
                StorePort.Lane.LEASE,
                around.retryTimeout(),
                (dcs, deadline) -> dcs.renew(seen, update, deadline),
                answer -> {
                    busy = false;
                    if (mine == generation) {
                        renewed(answer);
                    } else if (renewAgain) {
                        renewAgain = false;
                        renew();
                    }
                    tellWhoWaited();
                });
    }

    private void renewed(StoreAnswer<Outcome<Lease>> answer) {
        renewAgain = false;
        Optional<Lease> proof = lease(answer);
        if (proof.isPresent()) {
            boolean news = belief.state() != LeaseBelief.State.HELD;
            hold(proof.get());
            if (news) {
                around.beliefChanged();
            }
        } else if (answer instanceof StoreAnswer.Failed<Outcome<Lease>> failed) {
            LOG.warn("could not renew the leader lease: {}", failed.message());
            if (belief.held()) {
                believe(LeaseBelief.State.UNPROVEN, belief.lease());
                schedule(RETRY);
            }
            around.beliefChanged();
        } else {
            LOG.warn("failed to update leader lock: {}", answer);
            believe(LeaseBelief.State.REFUSED, Optional.empty());
            deadman.cancel();
            around.beliefChanged();
        }
    }

    /**
     * Gives the lease up. From this moment on it is not believed to be held, and it is not proven
     * again before the store has answered: a release that is late would take away what was proven
     * after it. So it is repeated until there is an answer.
     */
    void release(Optional<Value> status, Consumer<StoreAnswer<Outcome<Outcome.Done>>> to) {
        Optional<Lease> held = belief.lease();
        forget();
        if (held.isPresent()) {
            believe(LeaseBelief.State.RELEASING, Optional.empty());
            submitRelease(held.get(), status, to);
        }
    }

    private void submitRelease(
            Lease lease, Optional<Value> status, Consumer<StoreAnswer<Outcome<Outcome.Done>>> to) {
        long mine = generation;
        store.submit(
                StorePort.Lane.LEASE,
                around.retryTimeout(),
                (dcs, deadline) -> dcs.release(lease, status, deadline),
                answer -> {
                    if (mine == generation) {
                        if (answer.answer().isPresent()) {
                            forget();
                        } else {
                            renewal =
                                    scheduler.after(RETRY, () -> submitRelease(lease, status, to));
                        }
                    }
                    to.accept(answer);
                });
    }

    private void hold(Lease lease) {
        believe(LeaseBelief.State.HELD, Optional.of(lease));
        Duration third = belief.effectiveTtl().dividedBy(3);
        schedule(third.compareTo(around.loopWait()) < 0 ? third : around.loopWait());
        armDeadman();
    }

    /**
     * The store is about to grant less: a renewal whose answer gets lost may already have shortened
     * the lease, so an older and longer proof must not be relied on.
     */
    void relyAtMost(Duration ttl) {
        if (belief.lease().isEmpty()) {
            return;
        }
        Lease lease = belief.lease().get();
        long latest = scheduler.nanos() + ttl.toNanos();
        if (lease.validUntil() - latest > 0) {
            believe(
                    belief.state(),
                    Optional.of(new Lease(lease.member(), lease.epoch(), latest, lease.version())));
            armDeadman();
        }
    }

    private void armDeadman() {
        around.armed(belief.stopAt(), belief.writesEndAt());
        deadman.cancel();
        deadman =
                scheduler.after(
                        Duration.ofNanos(Math.max(0, belief.stopAt() - scheduler.nanos())),
                        around::deadline);
    }

    private void schedule(Duration delay) {
        renewal.cancel();
        renewal = scheduler.after(delay, this::renewInTurn);
    }

    private void renewInTurn() {
        if (around.progressing()) {
            renew();
        } else {
            LOG.error(
                    "the leader lease is not renewed because no decision was made for too long; it is left to"
                            + " run out");
            schedule(RETRY);
        }
    }

    private void believe(LeaseBelief.State state, Optional<Lease> lease) {
        belief = new LeaseBelief(state, lease, store.traits().effectiveTtl());
    }

    private static Optional<Lease> lease(StoreAnswer<Outcome<Lease>> answer) {
        return answer.answer().flatMap(outcome -> outcome.applied());
    }
}
