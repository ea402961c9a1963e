package io.matriarch.postgres;

import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends recovery. Not bounded in time: the caller cancels when it has waited enough. The change of
 * role is told to the scripts when the server is open for writes.
 */
final class Promoter {
    private static final Logger log = LoggerFactory.getLogger(Promoter.class);
    private static final Duration SCRIPT_LIMIT = Duration.ofDays(1);

    private final Instance instance;
    private final Callbacks callbacks;

    Promoter(Instance instance, Callbacks callbacks) {
        this.instance = instance;
        this.callbacks = callbacks;
    }

    ActionResult promote(Consumer<ActionProgress> progress, Cancellation cancellation) {
        if (instance.role() == Role.PRIMARY || instance.role() == Role.PROMOTED) {
            return new ActionResult.Succeeded();
        }
        Optional<String> objection = prePromote(cancellation);
        if (cancellation.cancelled()) {
            return new ActionResult.Cancelled();
        }
        if (objection.isPresent()) {
            log.error("{}", objection.get());
            return new ActionResult.PrePromoteFailed(objection.get());
        }
        progress.accept(new ActionProgress.Promoting());
        try {
            // -W: do not wait; pg_ctl would look only ten times a second
            Commands.Result result =
                    instance.runTool(
                            "pg_ctl", List.of("promote", "-D", instance.config().dataDir(), "-W"));
            if (!result.ok()) {
                return new ActionResult.Failed("pg_ctl promote: " + result.lastLine());
            }
        } catch (IOException e) {
            return new ActionResult.Failed("pg_ctl cannot be run: " + e.getMessage());
        }
        // From here on the server may open at any moment: for every fence it counts as a primary,
        // also if nobody waits for the end any more.
        instance.become(Role.PROMOTED);
        if (cancellation.cancelled()) {
            return new ActionResult.Cancelled();
        }
        progress.accept(new ActionProgress.Promoted());
        ActionResult result = awaitProduction(cancellation);
        if (result.succeeded() && !cancellation.cancelled()) {
            // Not earlier: a promotion that is fenced meanwhile has changed no role.
            callbacks.call(Callbacks.Event.ON_ROLE_CHANGE, Role.PRIMARY);
        }
        return result;
    }

    private Optional<String> prePromote(Cancellation cancellation) {
        if (instance.config().prePromote().isEmpty()) {
            return Optional.empty();
        }
        try {
            Commands.Result result =
                    instance.commands()
                            .run(
                                    ShellWords.split(instance.config().prePromote().get()),
                                    Map.of(),
                                    SCRIPT_LIMIT,
                                    cancellation);
            return result.ok()
                    ? Optional.empty()
                    : Optional.of("pre_promote script ended with code " + result.code());
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of("pre_promote script cannot be run: " + e.getMessage());
        }
    }

    private ActionResult awaitProduction(Cancellation cancellation) {
        while (true) {
            boolean open =
                    ControlFile.head(instance.dataPath())
                            .filter(head -> head.state() == ControlFile.State.IN_PRODUCTION)
                            .isPresent();
            if (open) {
                instance.become(Role.PRIMARY);
                return new ActionResult.Succeeded();
            }
            if (instance.postmaster().isEmpty()) {
                return new ActionResult.Failed("PostgreSQL ended while it was promoted");
            }
            if (!cancellation.tick()) {
                return new ActionResult.Cancelled();
            }
        }
    }
}
