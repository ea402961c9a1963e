package io.matriarch.engine.shell;

import io.matriarch.engine.codec.ClusterCodec;
import io.matriarch.engine.decide.Decision;
import io.matriarch.engine.decide.Effect;
import io.matriarch.engine.decide.Memory;
import io.matriarch.engine.decide.Situation;
import io.matriarch.engine.model.ClusterStatus;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.FailoverRequest;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.port.StopMode;
import io.matriarch.engine.port.StoreAnswer;
import io.matriarch.engine.port.StorePort;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries decisions out, in order. Lives on the decision lane. */
final class Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);

    /** After a store write without an answer, facts are looked at again after this. */
    private static final Duration RETRY = Duration.ofMillis(500);

    /** What the executor does to the member around it. */
    interface Member {
        void fence(StopMode mode, Duration budget);

        void remember(Memory next);

        Memory memory();

        void lookAgain(Duration delay);

        void decide();

        void end(Ended end);
    }

    private final Member member;
    private final StorePort store;
    private final Configuration configuration;
    private final Views views;
    private final Locals locals;
    private final LeaseKeeper leases;
    private final ActionSlot actions;
    private final Peers peers;
    private final Orders orders;

    Executor(
            Member member,
            StorePort store,
            Configuration configuration,
            Views views,
            Locals locals,
            LeaseKeeper leases,
            ActionSlot actions,
            Peers peers,
            Orders orders) {
        this.member = member;
        this.store = store;
        this.configuration = configuration;
        this.views = views;
        this.locals = locals;
        this.leases = leases;
        this.actions = actions;
        this.peers = peers;
        this.orders = orders;
    }

    void carryOut(Decision decision, Situation situation) {
        for (Effect effect : decision.effects()) {
            carryOut(effect, situation);
        }
    }

    /** Stops every writer by the given instant, with what time is left. */
    void fenceBy(long nanos) {
        Duration left = Duration.ofNanos(Math.max(0, nanos - leases.now()));
        member.fence(left.compareTo(RETRY) < 0 ? StopMode.KILL : StopMode.FAST, left);
    }

    private void carryOut(Effect effect, Situation s) {
        if (effect instanceof Effect.Fence fence) {
            member.fence(fence.mode(), fence.budget());
        } else if (effect instanceof Effect.Start start) {
            orders.started(start.action());
            actions.start(start.action(), leases.belief().lease().map(Lease::epoch).orElse(0L));
        } else if (effect instanceof Effect.CancelAction) {
            actions.cancel();
        } else if (effect instanceof Effect.Acquire) {
            acquire(s);
        } else if (effect instanceof Effect.Renew) {
            leases.renewPaced();
        } else if (effect instanceof Effect.Release release) {
            release(release.position(), s);
        } else if (effect instanceof Effect.Probe probe) {
            probe(probe, s);
        } else if (effect instanceof Effect.RefuseOrder refusal) {
            orders.answer(refusal.status(), refusal.body());
        } else if (effect instanceof Effect.Exit exit) {
            member.end(new Ended(exit.code(), exit.message()));
        } else {
            write(effect);
        }
    }

    /** Their position is compared with the own one, so that is looked at in the same moment. */
    private void probe(Effect.Probe probe, Situation s) {
        locals.refresh();
        probe.members().forEach(name -> peers.ask(find(s, name)));
    }

    private void write(Effect effect) {
        if (effect instanceof Effect.ClaimInitialize) {
            claim();
        } else if (effect instanceof Effect.WriteInitialize write) {
            put(
                    EntryKind.INITIALIZE,
                    Optional.of(ClusterCodec.initialize(write.systemId())),
                    write.guard());
        } else if (effect instanceof Effect.DropInitialize drop) {
            put(EntryKind.INITIALIZE, Optional.empty(), Guard.version(drop.version()));
        } else if (effect instanceof Effect.WriteConfig write) {
            put(
                    EntryKind.CONFIG,
                    Optional.of(ClusterCodec.config(write.document())),
                    Guard.absent());
        } else if (effect instanceof Effect.ClearFailover clear) {
            LOG.info("Cleaning up failover key");
            put(
                    EntryKind.FAILOVER,
                    Optional.of(ClusterCodec.noFailover()),
                    Guard.version(clear.version()));
        } else if (effect instanceof Effect.RewriteFailover rewrite) {
            put(
                    EntryKind.FAILOVER,
                    Optional.of(ClusterCodec.failover(rewrite.request())),
                    Guard.version(rewrite.version()));
        } else {
            throw new IllegalStateException("no way to carry out " + effect);
        }
    }

    private void put(EntryKind kind, Optional<Value> value, Guard guard) {
        submit(kind, value, guard, answer -> afterWrite(kind, answer));
    }

    private void submit(
            EntryKind kind,
            Optional<Value> value,
            Guard guard,
            Consumer<StoreAnswer<Outcome<Version>>> to) {
        store.submit(
                StorePort.Lane.VIEW,
                configuration.settings().retryTimeout(),
                (dcs, deadline) -> dcs.write(kind, value, guard, deadline),
                to);
    }

    private void afterWrite(EntryKind kind, StoreAnswer<Outcome<Version>> answer) {
        if (answer.answer().isEmpty()) {
            LOG.warn("could not write {}: {}", kind, answer);
            member.lookAgain(RETRY);
        } else {
            views.invalidate();
        }
    }

    private void claim() {
        submit(
                EntryKind.INITIALIZE,
                Optional.of(ClusterCodec.initialize("")),
                Guard.absent(),
                answer -> {
                    Optional<Version> mine = answer.answer().flatMap(outcome -> outcome.applied());
                    if (mine.isPresent()) {
                        member.remember(member.memory().withClaim(mine.get()));
                        views.invalidate();
                    } else {
                        LOG.info("failed to acquire initialize lock: {}", answer);
                        afterWrite(EntryKind.INITIALIZE, answer);
                    }
                });
    }

    private void acquire(Situation s) {
        ClusterView judged = s.view().orElseThrow();
        leases.acquire(judged.snapshot(), answer -> acquired(judged, s.me().name(), answer));
    }

    private void acquired(ClusterView judged, String me, StoreAnswer<Outcome<Lease>> answer) {
        if (answer.answer().flatMap(outcome -> outcome.applied()).isPresent()) {
            views.tookLease(me);
            answerFailover(judged, me);
            member.decide();
            return;
        }
        LOG.info("Could not take out TTL lock: {}", answer);
        if (answer.answer().isPresent()) {
            views.invalidate();
        } else {
            member.lookAgain(RETRY);
        }
    }

    /**
     * The request that led here is done; in maintenance mode the candidate is still to be promoted.
     */
    private void answerFailover(ClusterView judged, String me) {
        Optional<FailoverRequest> request = judged.failover();
        if (request.isEmpty() || judged.failoverVersion().isEmpty()) {
            return;
        }
        Version version = judged.failoverVersion().get();
        boolean keepCandidate =
                configuration.settings().pause()
                        && request.get().leader().isPresent()
                        && request.get().candidate().filter(me::equals).isPresent();
        if (keepCandidate) {
            LOG.info("Updating failover key after acquiring leader lock...");
            write(
                    new Effect.RewriteFailover(
                            FailoverRequest.of(Optional.empty(), request.get().candidate()),
                            version));
        } else {
            LOG.info("Cleaning up failover key after acquiring leader lock...");
            write(new Effect.ClearFailover(version));
        }
    }

    private void release(Optional<Lsn> position, Situation s) {
        Optional<Value> status =
                position.map(
                        lsn ->
                                ClusterCodec.status(
                                        s.lastView()
                                                .map(ClusterView::status)
                                                .orElse(ClusterStatus.NONE)
                                                .withOptime(lsn)));
        leases.release(
                status,
                answer -> {
                    if (answer.answer().isEmpty()) {
                        LOG.warn(
                                "could not release the leader key, it is left to run out: {}",
                                answer);
                    }
                    views.invalidate();
                });
    }

    private static io.matriarch.engine.model.Member find(Situation s, String name) {
        return s.view()
                .map(view -> view.members().get(name))
                .or(() -> s.oldView().map(view -> view.members().get(name)))
                .orElseGet(() -> io.matriarch.engine.model.Member.named(name));
    }
}
