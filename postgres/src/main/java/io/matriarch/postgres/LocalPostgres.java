package io.matriarch.postgres;

import io.matriarch.engine.config.PostgresConfig;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.Scheduler;
import io.matriarch.engine.port.StopMode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local PostgreSQL instance of one member.
 *
 * <p>Calls return at once. The work is done by daemon threads of this class: one that observes, one
 * for actions, one that applies settings, one that fences, one that watches the postmaster. Answers
 * and events arrive through {@link Scheduler#execute}. The server itself is started in a session of
 * its own and outlives the daemon.
 *
 * <p>A promotion is not bounded in time: it ends when the server is open for writes, when the
 * server ends, or when it is cancelled.
 */
public final class LocalPostgres implements PostgresPort {
    private static final Logger log = LoggerFactory.getLogger(LocalPostgres.class);

    private final Instance instance;
    private final Scheduler scheduler;
    private final Lanes lanes;
    private final Launcher launcher;
    private final Stopper stopper;
    private final Actions actions;
    private final Observations observations;
    private final Heartbeat heartbeat;
    private final Applier applier;
    private final Callbacks callbacks;
    private final LeaseNote note;
    private static final Duration FENCE_AGAIN = Duration.ofMillis(100);

    /** The rest of a start, and the first question to the store. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(3);

    private static final Duration GENTLE_STOP = Duration.ofSeconds(2);

    private Future<?> deadman = CompletableFuture.completedFuture(null);
    private final Set<Cancellation> running = ConcurrentHashMap.newKeySet();
    private final Set<Cancellation> fences = ConcurrentHashMap.newKeySet();

    /**
     * Looks for a data directory and a running server, and starts to watch.
     *
     * @param scheduler the decision lane
     * @param events hears on the decision lane that the postmaster has ended or the server opened
     */
    public LocalPostgres(LocalPostgresSetup setup, Scheduler scheduler, EventListener events) {
        this.scheduler = scheduler;
        this.lanes = new Lanes();
        PostgresConfig first = setup.effective().apply(Map.of());
        Map<String, Object> cached = DynamicCache.read(Path.of(first.dataDir()));
        Commands commands = new Commands(setup.commandPrefix(), lanes.readers());
        this.instance =
                new Instance(setup, commands, setup.effective().apply(cached), scheduler::nanos);
        this.note = new LeaseNote(instance);
        ConfigFiles files = new ConfigFiles(instance);
        this.launcher = new Launcher(instance);
        Starter starter = new Starter(instance, files, launcher);
        this.stopper = new Stopper(instance, new Killer(instance));
        Reloader reloader = new Reloader(instance, files);
        this.callbacks = new Callbacks(instance, lanes.callbacks());
        this.actions = new Actions(instance, files, callbacks, starter, stopper, reloader);
        this.heartbeat = new Heartbeat(instance);
        Observer observer =
                new Observer(instance, heartbeat, files, callbacks, () -> !running.isEmpty());
        this.observations = new Observations(lanes.observing(), scheduler, observer::observe);
        this.applier =
                new Applier(
                        instance, lanes.applying(), reloader, callbacks, () -> !running.isEmpty());
        Watcher watcher =
                new Watcher(instance, why -> scheduler.execute(() -> events.changed(why)));
        watcher.start(lanes.timer());
    }

    @Override
    public void observe(Consumer<LocalState> to) {
        observations.ask(to);
    }

    @Override
    public Running start(PostgresAction action, ActionListener listener) {
        Cancellation cancellation = new Cancellation();
        running.add(cancellation);
        lanes.action().execute(() -> run(action, listener, cancellation));
        return cancellation::cancel;
    }

    private void run(PostgresAction action, ActionListener listener, Cancellation cancellation) {
        ActionResult result;
        try {
            result =
                    actions.run(
                            action,
                            progress -> scheduler.execute(() -> listener.progress(progress)),
                            cancellation);
        } catch (RuntimeException | Error e) { // top of the lane: the caller must hear of it
            log.error("{} failed unexpectedly", action.title(), e);
            result = new ActionResult.Failed(action.title() + " failed unexpectedly: " + e);
        }
        log.debug("{}: {}", action.title(), result);
        running.remove(cancellation);
        ActionResult last = result;
        scheduler.execute(() -> listener.finished(last));
        applier.again();
    }

    @Override
    public void fence(StopMode mode, Duration budget, Runnable done) {
        running.forEach(Cancellation::cancel);
        Cancellation waiting = new Cancellation();
        if (mode == StopMode.KILL) {
            fences.forEach(Cancellation::cancel); // nobody waits any longer for a gentler end
        }
        fences.add(waiting);
        lanes.fence()
                .execute(
                        () -> {
                            fence(mode, budget, waiting);
                            scheduler.execute(done);
                        });
    }

    private void fence(StopMode mode, Duration budget, Cancellation waiting) {
        boolean ran = instance.postmaster().isPresent();
        Role role = instance.role();
        fenceForCertain(mode, budget, waiting);
        fences.remove(waiting);
        if (ran) {
            callbacks.call(Callbacks.Event.ON_STOP, role);
        }
    }

    /** A fence is not given up: what fails once (no file handles, no threads) is tried again. */
    private void fenceForCertain(StopMode mode, Duration budget, Cancellation waiting) {
        StopMode how = mode;
        Duration left = budget;
        while (true) {
            try {
                launcher.settle();
                stopper.fence(how, left, waiting);
                return;
            } catch (RuntimeException | Error e) {
                log.error("Fencing PostgreSQL failed and is tried again", e);
                how = StopMode.KILL;
                left = Duration.ZERO;
                LockSupport.parkNanos(FENCE_AGAIN.toNanos());
            }
        }
    }

    /**
     * Until a member looks after it, a server that ran under an earlier daemon is fenced in time by
     * that daemon's last proof; if that has run out, after a moment in which the store may show
     * that nobody else has led since.
     */
    public synchronized void guardInherited() {
        note.read()
                .ifPresent(
                        end -> {
                            long soonest = System.nanoTime() + FIRST_ANSWER.toNanos();
                            long at = end - GENTLE_STOP.toNanos();
                            schedule(at - soonest < 0 ? soonest : at, end);
                        });
    }

    @Override
    public synchronized void arm(long at, long writesEndAt) {
        schedule(at, writesEndAt);
        lanes.notes().execute(() -> note.write(writesEndAt));
    }

    private void schedule(long at, long writesEndAt) {
        deadman.cancel(false);
        deadman =
                lanes.deadman()
                        .schedule(
                                () -> deadline(writesEndAt),
                                Math.max(0, at - System.nanoTime()),
                                TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized void disarm() {
        deadman.cancel(false);
        lanes.notes().execute(note::clear);
    }

    @Override
    public OptionalLong inheritedLease() {
        return note.read();
    }

    private void deadline(long writesEndAt) {
        boolean standby =
                instance.directory().standbyConfigured()
                        && instance.role() == Role.REPLICA
                        && running.isEmpty();
        if (standby || instance.postmaster().isEmpty()) {
            return;
        }
        log.error("The leader lease was neither proven nor given up in time: fencing PostgreSQL");
        Duration left = Duration.ofNanos(Math.max(0, writesEndAt - System.nanoTime()));
        fence(left.compareTo(FENCE_AGAIN) < 0 ? StopMode.KILL : StopMode.FAST, left, () -> {});
    }

    @Override
    public void checkpoint(Consumer<Boolean> done) {
        lanes.readers()
                .execute(
                        () -> {
                            boolean worked = checkpoint();
                            scheduler.execute(() -> done.accept(worked));
                        });
    }

    private boolean checkpoint() {
        try (Connection connection =
                        Sql.unhurried(
                                Addresses.local(instance.config(), instance.config().superuser()));
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
            return true;
        } catch (SQLException e) {
            log.warn("CHECKPOINT failed: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public void apply(Settings settings, Optional<ClusterView> view) {
        instance.saw(view, settings.pause());
        applier.apply(settings, view);
    }

    @Override
    public void history(int timeline, Consumer<List<HistoryLine>> to) {
        lanes.readers()
                .execute(
                        () -> {
                            List<HistoryLine> lines = history(timeline);
                            scheduler.execute(() -> to.accept(lines));
                        });
    }

    private List<HistoryLine> history(int timeline) {
        try {
            return HistoryFile.read(instance.dataPath(), timeline, instance.setup().memberName());
        } catch (IOException | IllegalArgumentException e) {
            log.warn("The history of timeline {} cannot be read: {}", timeline, e.toString());
            return List.of();
        }
    }

    @Override
    public void close() {
        running.forEach(Cancellation::cancel);
        applier.close();
        lanes.close();
        heartbeat.close();
    }
}
