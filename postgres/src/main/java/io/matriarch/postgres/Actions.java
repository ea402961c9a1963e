package io.matriarch.postgres;

import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import io.matriarch.engine.port.Upstream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out one action, with the callbacks that belong to it. Runs on the action lane. */
final class Actions {
    private static final Logger log = LoggerFactory.getLogger(Actions.class);

    private final Instance instance;
    private final Callbacks callbacks;
    private final Starter starter;
    private final Stopper stopper;
    private final Promoter promoter;
    private final Bootstrapper bootstrapper;
    private final ReplicaCreator creator;
    private final Follower follower;
    private final Rewinder rewinder;
    private final Divergence divergence;
    private final CrashRecoverer recoverer;

    Actions(
            Instance instance,
            ConfigFiles files,
            Callbacks callbacks,
            Starter starter,
            Stopper stopper,
            Reloader reloader) {
        this.instance = instance;
        this.callbacks = callbacks;
        this.starter = starter;
        this.stopper = stopper;
        this.promoter = new Promoter(instance, callbacks);
        this.bootstrapper = new Bootstrapper(instance, files, starter, stopper);
        this.creator = new ReplicaCreator(instance, files);
        this.follower = new Follower(instance, files, callbacks, starter, stopper, reloader);
        this.divergence = new Divergence(instance);
        ReadyWal readyWal = new ReadyWal(instance);
        this.rewinder = new Rewinder(instance, files, stopper, readyWal);
        this.recoverer = new CrashRecoverer(instance, starter, readyWal);
    }

    ActionResult run(
            PostgresAction action, Consumer<ActionProgress> progress, Cancellation cancellation) {
        if (action instanceof PostgresAction.Bootstrap) {
            ActionResult result = bootstrapper.bootstrap(cancellation);
            if (result.succeeded()) {
                callbacks.call(Callbacks.Event.ON_START, Role.PRIMARY);
            }
            return result;
        } else if (action instanceof PostgresAction.Clone it) {
            return cloneFrom(it, cancellation);
        } else if (action instanceof PostgresAction.Reinitialize it) {
            return reinitialize(it, cancellation);
        } else if (action instanceof PostgresAction.StartPrimary it) {
            ActionResult result =
                    starter.start(Role.PRIMARY, Recovery.NONE, it.timeout(), cancellation);
            callbackAfter(result, Callbacks.Event.ON_START);
            return result;
        } else if (action instanceof PostgresAction.StartStandby it) {
            return follower.startStandby(it.upstream(), it.timeout(), cancellation);
        } else if (action instanceof PostgresAction.Stop it) {
            return stop(it, progress, cancellation);
        } else if (action instanceof PostgresAction.Restart it) {
            return restart(it.timeout(), cancellation);
        } else if (action instanceof PostgresAction.Promote) {
            return promoter.promote(progress, cancellation);
        } else if (action instanceof PostgresAction.Follow it) {
            return follower.follow(it.upstream(), cancellation);
        } else if (action instanceof PostgresAction.CheckDivergence it) {
            return divergence.check(it.leader());
        } else if (action instanceof PostgresAction.Rewind it) {
            return rewinder.rewind(it.leader(), cancellation);
        } else if (action instanceof PostgresAction.CrashRecovery) {
            return recoverer.recover(cancellation);
        }
        throw new IllegalArgumentException("unknown action " + action);
    }

    private ActionResult cloneFrom(PostgresAction.Clone clone, Cancellation cancellation) {
        Optional<String> root = Starter.rootRefusal(instance);
        if (root.isPresent()) {
            return new ActionResult.Failed(root.get());
        }
        if (!instance.vacant() || instance.postmaster().isPresent()) {
            return new ActionResult.Failed(
                    "The data directory " + instance.dataPath() + " is not empty: nothing cloned");
        }
        ActionResult created = creator.create(clone.source(), false, cancellation);
        return created.succeeded() ? startClone(clone.follow(), cancellation) : created;
    }

    private ActionResult reinitialize(PostgresAction.Reinitialize it, Cancellation cancellation) {
        ActionResult stopped =
                stopper.stop(StopMode.IMMEDIATE, false, Optional.empty(), p -> {}, cancellation);
        if (!stopped.succeeded()) {
            return stopped;
        }
        ActionResult created = creator.create(it.source(), it.fromLeader(), cancellation);
        return created.succeeded() ? startClone(it.follow(), cancellation) : created;
    }

    private ActionResult startClone(Upstream upstream, Cancellation cancellation) {
        Duration limit = instance.config().pgCtlTimeout();
        return follower.startStandby(Optional.of(upstream), limit, cancellation);
    }

    private ActionResult stop(
            PostgresAction.Stop it, Consumer<ActionProgress> progress, Cancellation cancellation) {
        boolean ran = instance.postmaster().isPresent();
        Role role = instance.role();
        ActionResult result =
                stopper.stop(it.mode(), it.checkpointFirst(), it.budget(), progress, cancellation);
        if (ran && result.succeeded()) {
            callbacks.call(Callbacks.Event.ON_STOP, role);
        }
        return result;
    }

    private ActionResult restart(Duration timeout, Cancellation cancellation) {
        boolean standby = instance.directory().standbyConfigured();
        Role role = standby ? Role.REPLICA : Role.PRIMARY;
        Recovery recovery =
                standby ? Recovery.standbyOf(follower.configuredUpstream()) : Recovery.NONE;
        instance.enter(MemberState.RESTARTING);
        ActionResult stopped =
                stopper.stop(StopMode.FAST, true, Optional.empty(), p -> {}, cancellation);
        if (!stopped.succeeded()) {
            return stopped;
        }
        ActionResult result = starter.start(role, recovery, timeout, cancellation);
        callbackAfter(result, Callbacks.Event.ON_RESTART);
        if (result instanceof ActionResult.Failed failed) {
            log.error("restart failed ({})", failed.reason());
            instance.enter(MemberState.RESTART_FAILED);
        }
        return result;
    }

    private void callbackAfter(ActionResult result, Callbacks.Event event) {
        if (result.succeeded()) {
            callbacks.call(event, instance.role());
        }
    }
}
