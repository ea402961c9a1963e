package io.matriarch.engine.shell;

import io.matriarch.engine.decide.Decider;
import io.matriarch.engine.decide.Decision;
import io.matriarch.engine.decide.Effect;
import io.matriarch.engine.decide.LeaseBelief;
import io.matriarch.engine.decide.Memory;
import io.matriarch.engine.decide.Situation;
import io.matriarch.engine.model.ScheduledRestart;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.port.MemberOptions;
import io.matriarch.engine.port.MemberReport;
import io.matriarch.engine.port.PeerPort;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.Scheduler;
import io.matriarch.engine.port.StopMode;
import io.matriarch.engine.port.StorePort;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member: keeps its facts, decides whenever they change, and has the decision carried out.
 *
 * <p>Facts are refreshed by events (watch hints, the postmaster's exit, REST requests, timers);
 * each answer leads to a decision. A fact that this member itself has just made untrue stops
 * decisions until it was looked at again, but never the deadman: that fences on what is known, and
 * what is not known counts as dangerous. All methods may be called from any thread.
 */
public final class HaMember implements MemberControl, DcsListener, PostgresPort.EventListener {
    private static final Logger LOG = LoggerFactory.getLogger(HaMember.class);

    /**
     * Status and member records change all the time: they are looked at, but not for each change.
     */
    private static final Set<EntryKind> CHATTER = Set.of(EntryKind.STATUS, EntryKind.MEMBER);

    /** The server's own deadman waits this long for the decision lane to begin the stop. */
    private static final Duration SECOND_LINE = Duration.ofMillis(300);

    private static final Duration AFTER_DEFECT = Duration.ofSeconds(1);

    private static final Duration CHATTER_NAP = Duration.ofMillis(200);

    private final Scheduler scheduler;
    private final PostgresPort postgres;
    private final Configuration configuration;
    private final Views views;
    private final Locals locals;
    private final LeaseKeeper leases;
    private final ActionSlot actions;
    private final Peers peers;
    private final Orders orders = new Orders();
    private final OperatorRequests requests;
    private final Bookkeeper books;
    private final Executor effects;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();

    private Memory memory = Memory.START;
    private boolean fencing;
    private boolean started;
    private boolean deciding;
    private boolean chatter;
    private long decidedAt;
    private long nextRun;
    private Scheduler.Cancellable nap = () -> {};
    private Decision last = new Decision(0, "starting", List.of(), Memory.START, Duration.ZERO);
    private volatile MemberReport report;
    private volatile long believedUntil;

    /**
     * @param options the local configuration
     * @param scheduler the decision lane
     * @param store the consensus store
     * @param postgres the local server; its event listener must be this member
     * @param peers the other members
     */
    public HaMember(
            MemberOptions.Source options,
            Scheduler scheduler,
            StorePort store,
            PostgresPort postgres,
            PeerPort peers) {
        this.scheduler = scheduler;
        this.postgres = postgres;
        this.configuration = new Configuration(options, store, this::ttlChanges);
        this.views = new Views(scheduler, store, this::retryTimeout, this::viewed);
        this.locals = new Locals(postgres, this::decideSoon);
        this.leases = new LeaseKeeper(scheduler, store, new Around());
        this.actions = new ActionSlot(scheduler, postgres, new Actions());
        this.peers = new Peers(scheduler, peers, this::decideSoon);
        this.requests =
                new OperatorRequests(scheduler, configuration, locals, actions, orders, this::look);
        this.books = new Bookkeeper(scheduler, store, postgres, configuration, this::decideSoon);
        this.effects =
                new Executor(
                        new Hands(),
                        store,
                        configuration,
                        views,
                        locals,
                        leases,
                        actions,
                        this.peers,
                        orders);
        this.decidedAt = scheduler.nanos();
        this.report = report(Optional.empty());
    }

    /** Begins to observe. Call once. */
    public void start() {
        scheduler.execute(
                () -> {
                    started = true;
                    postgres.inheritedLease()
                            .ifPresent(end -> leases.inherit(configuration.options().name(), end));
                    look();
                });
    }

    /** Completes when this member has ended, by order or because it cannot go on. */
    public CompletionStage<Ended> ended() {
        return ended;
    }

    @Override
    public void changed(Set<EntryKind> hint) {
        scheduler.execute(
                () -> {
                    if (!hint.isEmpty() && CHATTER.containsAll(hint)) {
                        lookAfterChatter();
                    } else {
                        views.refresh();
                    }
                });
    }

    private void lookAfterChatter() {
        if (!chatter) {
            chatter = true;
            scheduler.after(
                    CHATTER_NAP,
                    () -> {
                        chatter = false;
                        views.refresh();
                    });
        }
    }

    @Override
    public void changed(String why) {
        scheduler.execute(
                () -> {
                    LOG.debug("looking at PostgreSQL again: {}", why);
                    locals.refresh();
                });
    }

    @Override
    public void wake() {
        scheduler.execute(this::look);
    }

    @Override
    public void reload() {
        scheduler.execute(
                () -> {
                    configuration.reload();
                    look();
                });
    }

    private void look() {
        if (started && !ended.isDone()) {
            views.refresh();
            locals.refresh();
        }
    }

    private void viewed() {
        views.current().ifPresent(view -> books.viewed(view));
        decideSoon();
    }

    /** Events that come together lead to one decision. */
    private void decideSoon() {
        if (!deciding) {
            deciding = true;
            scheduler.execute(
                    () -> {
                        deciding = false;
                        decide();
                    });
        }
    }

    private void decide() {
        if (!started || ended.isDone() || locals.current().isEmpty()) {
            return;
        }
        boolean urgent = provesNothing();
        if (!urgent && !(views.settled() && locals.settled())) {
            return;
        }
        try {
            decideNow(urgent);
        } catch (RuntimeException e) {
            // The top of a decision: a defect must neither end the loop nor count as progress, so
            // that a member that cannot decide loses its lease.
            LOG.error("Unexpected exception raised, please report it as a BUG", e);
            sleep(AFTER_DEFECT);
        }
    }

    /** A server that runs under no proof does not wait until everything was looked at again. */
    private boolean provesNothing() {
        LeaseBelief belief = leases.belief();
        return belief.state() == LeaseBelief.State.REFUSED
                || (belief.state() == LeaseBelief.State.INHERITED
                        && scheduler.nanos() - belief.stopAt() >= 0);
    }

    private void decideNow(boolean urgent) {
        requests.fireScheduledRestart();
        if (configuration.settings().pause()) {
            postgres.disarm();
        }
        Situation situation = situation();
        Decision decision = Decider.decide(situation);
        memory = decision.memory();
        log(decision);
        last = decision;
        if (decision.effects().stream().anyMatch(e -> e instanceof Effect.Start)) {
            postgres.apply(configuration.settings(), views.current());
        }
        effects.carryOut(decision, situation);
        if (urgent && locals.settled() && provesNothing()) {
            leases.forget();
            views.invalidate();
        }
        books.after(bookEntry(situation));
        sleep(decision.nextWake());
        report = report(locals.current());
        decidedAt = scheduler.nanos();
    }

    private Bookkeeper.Entry bookEntry(Situation s) {
        return new Bookkeeper.Entry(
                s,
                leases.belief().proven(scheduler.nanos()),
                actions.running(),
                requests.scheduled());
    }

    private Situation situation() {
        return new Situation(
                configuration.options(),
                configuration.settings(),
                scheduler.nanos(),
                scheduler.wall(),
                views.current(),
                views.last(),
                views.withLeader(),
                leases.belief(),
                locals.current().orElseThrow(),
                actions.running(),
                fencing,
                peers.answers(),
                orders.current(),
                memory);
    }

    private void log(Decision decision) {
        if (decision.rule() != last.rule() || !decision.message().equals(last.message())) {
            LOG.info("{} [rule {}]", decision.message(), decision.rule());
        } else {
            LOG.debug("{} [rule {}]", decision.message(), decision.rule());
        }
    }

    private void sleep(Duration atMost) {
        nap.cancel();
        nextRun = scheduler.nanos() + atMost.toNanos();
        nap = scheduler.after(atMost, this::look);
    }

    /** The last proof is about to run out: stop on what is known, without looking first. */
    private void deadline() {
        if (locals.current().isEmpty() || fencing || ended.isDone()) {
            return;
        }
        Situation s = situation();
        boolean dangerous = !locals.settled();
        LeaseBelief belief = leases.belief();
        if (!configuration.settings().pause()
                && dangerous
                && belief.lease().isPresent()
                && scheduler.nanos() - belief.stopAt() >= 0) {
            LOG.error(
                    "the leader lease can not be proven while {} is under way: fencing",
                    s.action().map(a -> a.action().title()).orElse("a look at PostgreSQL"));
            effects.fenceBy(belief.writesEndAt());
            return;
        }
        Decision decision = Decider.decide(s);
        if (decision.effects().stream().anyMatch(e -> e instanceof Effect.Fence)) {
            memory = decision.memory();
            log(decision);
            last = decision;
            effects.carryOut(decision, s);
        }
        report = report(locals.current());
    }

    private void ttlChanges(Duration ttl) {
        leases.relyAtMost(ttl);
    }

    private Duration retryTimeout() {
        return configuration.settings().retryTimeout();
    }

    @Override
    public MemberReport report() {
        MemberReport seen = report;
        boolean holds = seen.holdsLease() && scheduler.nanos() - believedUntil < 0;
        return holds == seen.holdsLease() ? seen : seen.withoutLease();
    }

    private MemberReport report(Optional<LocalState> local) {
        LeaseBelief belief = leases.belief();
        boolean stopping =
                fencing
                        || actions.running()
                                .filter(a -> a.action() instanceof PostgresAction.Stop)
                                .isPresent();
        believedUntil = belief.writesEndAt();
        return new MemberReport(
                configuration.options().name(),
                configuration.options().scope(),
                local,
                belief.held() && belief.lease().isPresent() && !stopping,
                views.current(),
                views.last(),
                configuration.settings(),
                configuration.options().tags(),
                actions.running().map(a -> a.action().title()),
                last.rule(),
                last.message(),
                views.lastSeen(),
                requests.scheduled(),
                nextRun);
    }

    @Override
    public CompletionStage<Reply> restart(RestartOrder order, Optional<Duration> timeout) {
        return requests.restart(order, timeout);
    }

    @Override
    public Reply scheduleRestart(ScheduledRestart restart) {
        return requests.scheduleRestart(restart);
    }

    @Override
    public boolean cancelScheduledRestart() {
        return requests.cancelScheduledRestart();
    }

    @Override
    public CompletionStage<Reply> reinitialize(boolean force, boolean fromLeader) {
        return requests.reinitialize(force, fromLeader);
    }

    @Override
    public CompletionStage<Void> shutdown() {
        scheduler.execute(
                () -> {
                    orders.shutdown();
                    look();
                });
        return ended.thenApply(e -> null);
    }

    /** What the lease keeper needs to know. */
    private final class Around implements LeaseKeeper.Surroundings {
        @Override
        public Duration loopWait() {
            return configuration.settings().loopWait();
        }

        @Override
        public Duration retryTimeout() {
            return configuration.settings().retryTimeout();
        }

        @Override
        public Snapshot seen() {
            return views.last()
                    .map(view -> view.snapshot())
                    .orElseGet(() -> Snapshot.empty(scheduler.nanos()));
        }

        @Override
        public LeaderUpdate update() {
            return books.leaderUpdate(views.last(), locals.current());
        }

        @Override
        public boolean progressing() {
            Duration patience = configuration.settings().loopWait().plus(retryTimeout());
            return scheduler.nanos() - decidedAt < patience.toNanos();
        }

        @Override
        public void beliefChanged() {
            report = report(locals.current());
            decideSoon();
        }

        @Override
        public void armed(long stopAt, long writesEndAt) {
            if (configuration.settings().pause()) {
                postgres.disarm();
            } else {
                postgres.arm(stopAt + SECOND_LINE.toNanos(), writesEndAt);
            }
        }

        @Override
        public void disarmed() {
            postgres.disarm();
        }

        @Override
        public void deadline() {
            HaMember.this.deadline();
        }
    }

    /** What comes of actions on PostgreSQL. */
    private final class Actions implements ActionSlot.Listener {
        @Override
        public void progressed(PostgresAction action, ActionProgress progress) {
            LOG.debug("{}: {}", action.title(), progress);
            locals.invalidate();
        }

        @Override
        public void finished(PostgresAction action, ActionResult result) {
            if (result.succeeded() || result instanceof ActionResult.Divergence) {
                LOG.info("{}: {}", action.title(), result);
            } else {
                LOG.warn("{}: {}", action.title(), result);
            }
            locals.current().ifPresent(l -> memory = Decider.learn(situation(), action, result));
            orders.finished(action, result);
            locals.invalidate();
        }
    }

    /** What the executor does to this member. */
    private final class Hands implements Executor.Member {
        @Override
        public void fence(StopMode mode, Duration budget) {
            fencing = true;
            report = report(locals.current());
            postgres.fence(
                    mode,
                    budget,
                    () -> {
                        fencing = false;
                        if (!leases.belief().proven(scheduler.nanos())) {
                            leases.forget();
                        }
                        locals.invalidate();
                        views.invalidate();
                    });
        }

        @Override
        public void remember(Memory next) {
            memory = next;
        }

        @Override
        public Memory memory() {
            return memory;
        }

        @Override
        public void lookAgain(Duration delay) {
            scheduler.after(delay, HaMember.this::look);
        }

        @Override
        public void decide() {
            decideSoon();
        }

        @Override
        public void end(Ended end) {
            nap.cancel();
            ended.complete(end);
        }
    }
}
