package io.matriarch.postgres;

import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.StopMode;
import io.matriarch.engine.port.Upstream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Makes the server a standby of somebody, or of nobody: by reload where that is enough. */
final class Follower {
    /** From this version on primary_conninfo and primary_slot_name are read at a reload. */
    private static final int RELOADABLE_SINCE = 13;

    private final Instance instance;
    private final ConfigFiles files;
    private final Callbacks callbacks;
    private final Starter starter;
    private final Stopper stopper;
    private final Reloader reloader;
    private final RecoveryParameters recoveryParameters;

    Follower(
            Instance instance,
            ConfigFiles files,
            Callbacks callbacks,
            Starter starter,
            Stopper stopper,
            Reloader reloader) {
        this.instance = instance;
        this.files = files;
        this.callbacks = callbacks;
        this.starter = starter;
        this.stopper = stopper;
        this.reloader = reloader;
        this.recoveryParameters = new RecoveryParameters(instance);
    }

    /** By postgresql.conf. */
    Optional<Upstream> configuredUpstream() {
        return files.configuredConnInfo().flatMap(recoveryParameters::upstreamOf);
    }

    ActionResult startStandby(
            Optional<Upstream> upstream, Duration timeout, Cancellation cancellation) {
        if (instance.postmaster().isPresent()) {
            return follow(upstream, cancellation); // it runs, but perhaps as something else
        }
        Callbacks.Event event = event(Callbacks.Event.ON_START);
        ActionResult result =
                starter.start(Role.REPLICA, Recovery.standbyOf(upstream), timeout, cancellation);
        called(event, result);
        return result;
    }

    ActionResult follow(Optional<Upstream> upstream, Cancellation cancellation) {
        Duration timeout = instance.config().pgCtlTimeout();
        if (instance.postmaster().isEmpty()) {
            return startStandby(upstream, timeout, cancellation);
        }
        boolean reload =
                instance.directory().standbyConfigured()
                        && instance.role() != Role.PRIMARY
                        && instance.role() != Role.PROMOTED
                        && instance.directory().major() >= RELOADABLE_SINCE;
        return reload ? reload(upstream) : restart(upstream, timeout, cancellation);
    }

    private ActionResult reload(Optional<Upstream> upstream) {
        try {
            Callbacks.Event event = event(Callbacks.Event.ON_RELOAD);
            files.write(Role.REPLICA, Recovery.standbyOf(upstream));
            boolean signalled = reloader.signal();
            instance.become(Role.REPLICA);
            ActionResult result =
                    signalled
                            ? new ActionResult.Succeeded()
                            : new ActionResult.Failed("PostgreSQL could not be told to reload");
            called(event, result);
            return result;
        } catch (IOException | IllegalArgumentException e) {
            return new ActionResult.Failed("The upstream could not be changed: " + e.getMessage());
        }
    }

    private ActionResult restart(
            Optional<Upstream> upstream, Duration timeout, Cancellation cancellation) {
        Callbacks.Event event = event(Callbacks.Event.ON_RESTART);
        instance.enter(MemberState.RESTARTING);
        ActionResult stopped =
                stopper.stop(StopMode.FAST, false, Optional.empty(), p -> {}, cancellation);
        if (!stopped.succeeded()) {
            return stopped;
        }
        ActionResult result =
                starter.start(Role.REPLICA, Recovery.standbyOf(upstream), timeout, cancellation);
        called(event, result);
        return result;
    }

    /** A former primary changes its role; first contact does not. */
    private Callbacks.Event event(Callbacks.Event plain) {
        boolean change =
                callbacks.called()
                        && switch (instance.role()) {
                            case PRIMARY, PROMOTED, DEMOTED, STANDBY_LEADER -> true;
                            case REPLICA, UNINITIALIZED -> false;
                        };
        return change ? Callbacks.Event.ON_ROLE_CHANGE : plain;
    }

    private void called(Callbacks.Event event, ActionResult result) {
        // A change of role is told whatever came of the start; it has happened.
        if (event == Callbacks.Event.ON_ROLE_CHANGE || result.succeeded()) {
            callbacks.call(event, Role.REPLICA);
        }
    }
}
