package io.matriarch.engine.shell;

import io.matriarch.engine.decide.RunningAction;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.Scheduler;
import java.util.Optional;

/** At most one long action on PostgreSQL at a time. Lives on the decision lane. */
final class ActionSlot {
    /** Hears what comes of actions. */
    interface Listener {
        void progressed(PostgresAction action, ActionProgress progress);

        void finished(PostgresAction action, ActionResult result);
    }

    private final Scheduler scheduler;
    private final PostgresPort postgres;
    private final Listener listener;

    private Optional<RunningAction> running = Optional.empty();
    private PostgresPort.Running handle = () -> {};

    ActionSlot(Scheduler scheduler, PostgresPort postgres, Listener listener) {
        this.scheduler = scheduler;
        this.postgres = postgres;
        this.listener = listener;
    }

    Optional<RunningAction> running() {
        return running;
    }

    void start(PostgresAction action, long epoch) {
        if (running.isPresent()) {
            throw new IllegalStateException(
                    "Failed to run "
                            + action.title()
                            + ", "
                            + running.get().action().title()
                            + " is already in progress");
        }
        running =
                Optional.of(
                        new RunningAction(
                                action, scheduler.nanos(), epoch, Optional.empty(), false));
        handle = postgres.start(action, new One(action));
    }

    void cancel() {
        running =
                running.map(
                        r ->
                                new RunningAction(
                                        r.action(), r.startedAt(), r.epoch(), r.progress(), true));
        handle.cancel();
    }

    private final class One implements PostgresPort.ActionListener {
        private final PostgresAction action;

        One(PostgresAction action) {
            this.action = action;
        }

        @Override
        public void progress(ActionProgress progress) {
            running =
                    running.map(
                            r ->
                                    new RunningAction(
                                            r.action(),
                                            r.startedAt(),
                                            r.epoch(),
                                            Optional.of(progress),
                                            r.cancelled()));
            listener.progressed(action, progress);
        }

        @Override
        public void finished(ActionResult result) {
            running = Optional.empty();
            listener.finished(action, result);
        }
    }
}
