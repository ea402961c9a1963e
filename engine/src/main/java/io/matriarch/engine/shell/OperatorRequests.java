package io.matriarch.engine.shell;

import io.matriarch.engine.decide.Order;
import io.matriarch.engine.model.ScheduledRestart;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.MemberControl.Reply;
import io.matriarch.engine.port.MemberControl.RestartOrder;
import io.matriarch.engine.port.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators ask of this member by REST, now or at a time: checked, and placed as an order for
 * the rules. The requests may come from any thread; the rest lives on the decision lane.
 */
final class OperatorRequests {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorRequests.class);

    private final Scheduler scheduler;
    private final Configuration configuration;
    private final Locals locals;
    private final ActionSlot actions;
    private final Orders orders;
    private final Runnable look;

    private Optional<ScheduledRestart> scheduledRestart = Optional.empty();
    private Scheduler.Cancellable restartTimer = () -> {};

    OperatorRequests(
            Scheduler scheduler,
            Configuration configuration,
            Locals locals,
            ActionSlot actions,
            Orders orders,
            Runnable look) {
        this.scheduler = scheduler;
        this.configuration = configuration;
        this.locals = locals;
        this.actions = actions;
        this.orders = orders;
        this.look = look;
    }

    Optional<ScheduledRestart> scheduled() {
        return scheduledRestart;
    }

    CompletionStage<Reply> restart(RestartOrder order, Optional<Duration> timeout) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        scheduler.execute(
                () -> {
                    Optional<String> obstacle =
                            busy().or(
                                            () ->
                                                    new RestartConditions(order)
                                                            .check(
                                                                    locals.current(),
                                                                    configuration.settings()));
                    if (obstacle.isPresent()) {
                        reply.complete(new Reply(503, obstacle.get()));
                        return;
                    }
                    orders.place(new Order.Restart(timeout), reply);
                    look.run();
                });
        return reply;
    }

    private Optional<String> busy() {
        if (actions.running().isPresent()) {
            return Optional.of(actions.running().get().action().title() + " already in progress");
        }
        return orders.free() ? Optional.empty() : Optional.of("restart already in progress");
    }

    Reply scheduleRestart(ScheduledRestart restart) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        scheduler.execute(
                () -> {
                    if (scheduledRestart.isPresent()) {
                        reply.complete(new Reply(409, "Another restart is already scheduled"));
                        return;
                    }
                    scheduledRestart = Optional.of(restart);
                    reply.complete(new Reply(202, "Restart scheduled"));
                    look.run();
                });
        return reply.join();
    }

    boolean cancelScheduledRestart() {
        CompletableFuture<Boolean> had = new CompletableFuture<>();
        scheduler.execute(
                () -> {
                    had.complete(scheduledRestart.isPresent());
                    scheduledRestart = Optional.empty();
                    look.run();
                });
        return had.join();
    }

    CompletionStage<Reply> reinitialize(boolean force, boolean fromLeader) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        scheduler.execute(
                () -> {
                    Optional<String> obstacle = busy();
                    if (obstacle.isPresent() && !(force && actions.running().isPresent())) {
                        reply.complete(new Reply(503, obstacle.get()));
                        return;
                    }
                    orders.place(new Order.Reinitialize(force, fromLeader), reply);
                    look.run();
                });
        return reply;
    }

    /** Places a restart whose time has come, unless the server was restarted since. */
    void fireScheduledRestart() {
        if (scheduledRestart.isEmpty() || configuration.settings().pause() || !orders.free()) {
            return;
        }
        ScheduledRestart planned = scheduledRestart.get();
        Duration left = Duration.between(scheduler.wall(), planned.at().toInstant());
        Duration stale = configuration.settings().loopWait().multipliedBy(3).dividedBy(2);
        Optional<String> startTime =
                locals.current()
                        .flatMap(LocalState::status)
                        .map(status -> status.postmasterStartTime());
        if (startTime.isPresent() && !startTime.get().equals(planned.postmasterStartTime())) {
            LOG.info(
                    "Cancelling scheduled restart: postgres restart has already happened at {}",
                    startTime.get());
            scheduledRestart = Optional.empty();
        } else if (!left.isNegative() && !left.isZero()) {
            restartTimer.cancel();
            restartTimer = scheduler.after(left, look);
        } else if (left.plus(stale).isNegative()) {
            LOG.info("Found a stale schedule value, cleaning up: {}", planned.at());
            scheduledRestart = Optional.empty();
        } else {
            scheduledRestart = Optional.empty();
            place(planned);
        }
    }

    private void place(ScheduledRestart planned) {
        RestartConditions.of(planned)
                .check(locals.current(), configuration.settings())
                .ifPresentOrElse(
                        why -> LOG.warn("Scheduled restart: {}", why),
                        () ->
                                orders.place(
                                        new Order.Restart(RestartConditions.timeout(planned)),
                                        new CompletableFuture<>()));
    }
}
