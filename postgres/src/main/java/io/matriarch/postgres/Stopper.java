package io.matriarch.postgres;

import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.StopMode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops the server, mode after mode until it has ended. */
final class Stopper {
    private static final Logger log = LoggerFactory.getLogger(Stopper.class);

    /** The postmaster itself kills children that ignore an immediate stop after 5 s. */
    private static final Duration IMMEDIATE_LIMIT = Duration.ofSeconds(7);

    private final Instance instance;
    private final Killer killer;
    private final ShutdownCheckpoint checkpoint;

    Stopper(Instance instance, Killer killer) {
        this.instance = instance;
        this.killer = killer;
        this.checkpoint = new ShutdownCheckpoint(instance);
    }

    /**
     * @param budget of the first mode; a fast stop without one waits for ever
     * @param progress hears of the clean shutdown, at most once
     * @return cancelled leaves a server that is told to stop alone
     */
    ActionResult stop(
            StopMode mode,
            boolean checkpointFirst,
            Optional<Duration> budget,
            Consumer<ActionProgress> progress,
            Cancellation cancellation) {
        if (instance.postmaster().isEmpty()) {
            killer.killAll(); // orphans of a dead postmaster
            return ended();
        }
        boolean starting = instance.state().isStarting();
        if (checkpointFirst && mode == StopMode.FAST && !starting) {
            checkpoint();
        }
        if (instance.state() != MemberState.RESTARTING) {
            instance.enter(MemberState.STOPPING);
        }
        beforeStop(cancellation);
        if (mode == StopMode.FAST) {
            Optional<Boolean> fast =
                    signalAndWait("INT", budget, Optional.of(progress), cancellation);
            if (cancellation.cancelled()) {
                return new ActionResult.Cancelled();
            }
            if (fast.isPresent()) {
                return ended();
            }
            log.warn("Timeout during postmaster stop, aborting Postgres.");
        }
        if (mode != StopMode.KILL) {
            Duration limit =
                    budget.filter(b -> b.compareTo(IMMEDIATE_LIMIT) < 0).orElse(IMMEDIATE_LIMIT);
            Optional<Boolean> immediate =
                    signalAndWait("QUIT", Optional.of(limit), Optional.empty(), cancellation);
            if (cancellation.cancelled()) {
                return new ActionResult.Cancelled();
            }
            if (immediate.isPresent()) {
                return ended();
            }
        }
        killer.killAll();
        return ended();
    }

    /**
     * Fencing: the modes within one budget, of which the last quarter belongs to the kill. Reads no
     * file of the data directory: its disk may hang.
     */
    void fence(StopMode mode, Duration budget, Cancellation cancellation) {
        instance.enter(MemberState.STOPPING);
        Duration kill = budget.dividedBy(4);
        if (mode == StopMode.FAST) {
            signalAndWait("INT", Optional.of(budget.dividedBy(2)), Optional.empty(), cancellation);
            signalAndWait("QUIT", Optional.of(kill), Optional.empty(), cancellation);
        } else if (mode == StopMode.IMMEDIATE) {
            signalAndWait("QUIT", Optional.of(budget.minus(kill)), Optional.empty(), cancellation);
        }
        killer.killAll();
        ended();
    }

    /**
     * Present = it has ended.
     *
     * @param progress if the control file is to be watched
     */
    private Optional<Boolean> signalAndWait(
            String signal,
            Optional<Duration> limit,
            Optional<Consumer<ActionProgress>> progress,
            Cancellation cancellation) {
        Optional<ServerProcess> server = instance.postmaster();
        if (server.isEmpty()) {
            return Optional.of(true);
        }
        boolean sent = instance.commands().signal(signal, server.get().pid());
        if (!sent && server.get().alive()) {
            log.warn("SIG{} could not be sent to process {}", signal, server.get().pid());
        }
        boolean told = false;
        long start = System.nanoTime();
        while (true) {
            boolean alive = server.get().alive();
            if (!told && progress.isPresent()) {
                Optional<ActionProgress> clean = checkpoint.ifShutDown();
                clean.ifPresent(progress.get());
                told = clean.isPresent();
            }
            if (!alive) {
                return killer.anyLeft() ? Optional.empty() : Optional.of(true);
            }
            boolean late = limit.filter(l -> System.nanoTime() - start > l.toNanos()).isPresent();
            if (late || !cancellation.tick()) {
                return Optional.empty();
            }
        }
    }

    private ActionResult ended() {
        if (instance.state() != MemberState.RESTARTING) {
            instance.enter(MemberState.STOPPED);
        }
        if (instance.role() == Role.PRIMARY || instance.role() == Role.PROMOTED) {
            instance.become(Role.DEMOTED);
        }
        return new ActionResult.Succeeded();
    }

    private void checkpoint() {
        try (Connection connection =
                        Sql.unhurried(
                                Addresses.local(instance.config(), instance.config().superuser()));
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        } catch (SQLException e) {
            log.warn("The checkpoint before the stop failed: {}", e.getMessage());
        }
    }

    private void beforeStop(Cancellation cancellation) {
        instance.config()
                .beforeStop()
                .ifPresent(
                        command -> {
                            try {
                                Commands.Result result =
                                        instance.commands()
                                                .run(
                                                        ShellWords.split(command),
                                                        Map.of(),
                                                        Duration.ofDays(1),
                                                        cancellation);
                                log.info("before_stop script exit code={}", result.code());
                            } catch (IOException | IllegalArgumentException e) {
                                log.error("before_stop script failed: {}", e.toString());
                            }
                        });
    }
}
