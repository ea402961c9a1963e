package io.matriarch.engine.shell;

import io.matriarch.engine.decide.Order;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.MemberControl.Reply;
import io.matriarch.engine.port.PostgresAction;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The one order of the operator that is pending, and who waits for its reply. Lives on the decision
 * lane.
 */
final class Orders {
    private Optional<Order> pending = Optional.empty();
    private Optional<PostgresAction> restarting = Optional.empty();
    private CompletableFuture<Reply> reply = new CompletableFuture<>();
    private boolean shutdown;

    /** What the next decision sees; a shutdown goes before anything else. */
    Optional<Order> current() {
        return shutdown ? Optional.of(new Order.Shutdown()) : pending;
    }

    boolean free() {
        return pending.isEmpty() && restarting.isEmpty() && !shutdown;
    }

    void place(Order order, CompletableFuture<Reply> to) {
        if (restarting.isPresent()) {
            answer(503, "restart failed");
        }
        pending = Optional.of(order);
        reply = to;
    }

    void shutdown() {
        shutdown = true;
        answer(503, "the daemon is shutting down");
    }

    /** The order became this action. */
    void started(PostgresAction action) {
        if (pending.isEmpty()) {
            return;
        }
        if (action instanceof PostgresAction.Restart && pending.get() instanceof Order.Restart) {
            pending = Optional.empty();
            restarting = Optional.of(action);
        } else if (action instanceof PostgresAction.Reinitialize
                && pending.get() instanceof Order.Reinitialize) {
            answer(200, "reinitialize started");
        }
    }

    void finished(PostgresAction action, ActionResult result) {
        if (restarting.filter(a -> a == action).isEmpty()) {
            return;
        }
        if (result.succeeded()) {
            answer(200, "restarted successfully");
        } else if (result instanceof ActionResult.StillStarting) {
            answer(503, "postgres is still starting");
        } else {
            answer(503, "restart failed");
        }
    }

    void answer(int status, String body) {
        pending = Optional.empty();
        restarting = Optional.empty();
        reply.complete(new Reply(status, body));
    }
}
