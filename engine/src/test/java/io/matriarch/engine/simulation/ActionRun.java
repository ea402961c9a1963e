package io.matriarch.engine.simulation;

import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresPort.ActionListener;
import io.matriarch.engine.port.StopMode;
import io.matriarch.engine.port.Upstream;
import java.time.Duration;
import java.util.Optional;

/** One action under way. Its own steps freeze and die with the daemon; what it began does not. */
final class ActionRun {
    private static final ActionResult SUCCEEDED = new ActionResult.Succeeded();

    private final World world;
    private final Node node;
    private final Server server;
    private final DaemonLane lane;
    private final ModelPostgres port;
    private final PostgresAction action;
    private final ActionListener listener;
    private Optional<MemberState> state = Optional.empty();
    private boolean ended;
    private boolean promoting;
    private boolean filling;

    ActionRun(
            World world,
            Node node,
            DaemonLane lane,
            ModelPostgres port,
            PostgresAction action,
            ActionListener listener) {
        this.world = world;
        this.node = node;
        this.server = node.server();
        this.lane = lane;
        this.port = port;
        this.action = action;
        this.listener = listener;
    }

    /** What to publish while no process runs. */
    Optional<MemberState> state() {
        return state;
    }

    /** The promotion was signalled. */
    boolean promoting() {
        return promoting;
    }

    void begin() {
        if (action instanceof PostgresAction.Bootstrap) {
            bootstrap();
        } else if (action instanceof PostgresAction.Clone clone) {
            fill(clone.source().name(), clone.follow());
        } else if (action instanceof PostgresAction.StartPrimary start) {
            startAs(false, Optional.empty(), start.timeout());
        } else if (action instanceof PostgresAction.StartStandby start) {
            startAs(true, start.upstream(), start.timeout());
        } else if (action instanceof PostgresAction.Stop stop) {
            stop(stop);
        } else if (action instanceof PostgresAction.Restart restart) {
            restart(restart.timeout());
        } else if (action instanceof PostgresAction.Promote) {
            later(world.chance(0.1) ? 3_000 : 250, this::promote);
        } else if (action instanceof PostgresAction.Follow follow) {
            later(150, () -> follow(follow.upstream()));
        } else if (action instanceof PostgresAction.CheckDivergence check) {
            later(250, () -> finish(divergence(check.leader().name())));
        } else if (action instanceof PostgresAction.Rewind rewind) {
            rewind(rewind.leader().name());
        } else if (action instanceof PostgresAction.Reinitialize again) {
            reinitialize(again);
        } else if (action instanceof PostgresAction.CrashRecovery) {
            later(3_000, this::crashRecovery);
        }
    }

    /** The polite way: what can be undone is undone. */
    void cancel() {
        if (promoting || action instanceof PostgresAction.Stop) {
            return;
        }
        abort();
    }

    /** The hard way: whatever it is doing, it ends now. */
    void abort() {
        if (!ended) {
            world.trace(node.name(), "action cancelled: " + action.title());
            if (filling) {
                removeHalfFilled();
            }
            finish(new ActionResult.Cancelled());
        }
    }

    private void finish(ActionResult result) {
        if (ended) {
            return;
        }
        ended = true;
        state = Optional.empty();
        port.ended(this);
        world.trace(node.name(), "action ended: " + action.title() + ": " + result);
        lane.execute(() -> listener.finished(result));
    }

    private void fail(String why) {
        finish(new ActionResult.Failed(why));
    }

    /** A step of the daemon that takes up to this many milliseconds. */
    private void later(long mostMillis, Runnable step) {
        lane.timer(
                world.millis(mostMillis / 10, mostMillis),
                () -> {
                    if (!ended) {
                        step.run();
                    }
                });
    }

    private void progress(ActionProgress what) {
        lane.execute(
                () -> {
                    if (!ended) {
                        listener.progress(what);
                    }
                });
    }

    // ---- filling a data directory

    private void bootstrap() {
        if (server.hasData()) {
            fail("the data directory is not empty");
            return;
        }
        state = Optional.of(MemberState.INITDB);
        filling = true;
        later(
                4_000,
                () -> {
                    server.initialize(node.fleet().newSystemId());
                    launch(
                            Optional.empty(),
                            () -> {
                                filling = false;
                                later(400, () -> finish(SUCCEEDED));
                            });
                });
    }

    private void fill(String source, Upstream follow) {
        if (server.hasData()) {
            fail("the data directory is not empty");
            return;
        }
        state = Optional.of(MemberState.CREATING_REPLICA);
        filling = true;
        Optional<Server> from = reachable(source);
        if (from.isEmpty()) {
            later(1_500, () -> failFilling("cannot connect to " + source));
            return;
        }
        later(
                6_000,
                () -> {
                    if (reachable(source).isEmpty() || world.chance(0.03)) {
                        failFilling("pg_basebackup from " + source + " failed");
                        return;
                    }
                    server.copyFrom(from.get());
                    server.configure(true, Optional.of(follow));
                    launch(
                            Optional.empty(),
                            () -> {
                                filling = false;
                                finish(SUCCEEDED);
                            });
                });
    }

    private void failFilling(String why) {
        removeHalfFilled();
        fail(why);
    }

    private void removeHalfFilled() {
        filling = false;
        node.observer().wipes(node, action);
        port.stopping();
        server.stop(StopMode.KILL, () -> {});
        server.whenDown(server::wipe);
    }

    private void reinitialize(PostgresAction.Reinitialize again) {
        port.stopping();
        server.stop(StopMode.IMMEDIATE, () -> {});
        server.whenDown(
                () ->
                        later(
                                300,
                                () -> {
                                    if (server.hasData()) {
                                        node.observer().wipes(node, action);
                                        server.wipe();
                                    }
                                    fill(again.source().name(), again.follow());
                                }));
    }

    private Optional<Server> reachable(String name) {
        return node.fleet()
                .find(name)
                .filter(Server::isUp)
                .filter(source -> node.fleet().network().talks(node.name(), name));
    }

    private Optional<Server> reachablePrimary(String name) {
        return reachable(name).filter(source -> source.phase() == Server.Phase.PRIMARY);
    }

    // ---- starting and stopping

    private void startAs(boolean standby, Optional<Upstream> upstream, Duration timeout) {
        if (!server.hasData()) {
            fail("the data directory is empty");
            return;
        }
        if (server.isAlive()) {
            fail("PostgreSQL is running already");
            return;
        }
        server.configure(standby, upstream);
        launch(Optional.of(timeout), () -> finish(SUCCEEDED));
    }

    private void launch(Optional<Duration> timeout, Runnable ready) {
        port.launching();
        server.launch(() -> lane.execute(() -> ifRunning(ready)));
        port.changed();
        server.whenDown(() -> lane.execute(() -> ifRunning(() -> startFailed())));
        timeout.ifPresent(
                most ->
                        lane.after(
                                most,
                                () -> ifRunning(() -> finish(new ActionResult.StillStarting()))));
    }

    private void startFailed() {
        if (filling) {
            failFilling("start failed");
        } else {
            fail("start failed");
        }
    }

    private void ifRunning(Runnable step) {
        if (!ended) {
            step.run();
        }
    }

    private void stop(PostgresAction.Stop stop) {
        if (stop.checkpointFirst()) {
            later(1_500, () -> stopNow(stop));
        } else {
            stopNow(stop);
        }
    }

    private void stopNow(PostgresAction.Stop stop) {
        port.stopping();
        server.stop(
                stop.mode(),
                () -> {
                    Lsn at = new Lsn(server.checkpoint());
                    progress(new ActionProgress.ShutDownCleanly(at, at));
                });
        port.changed();
        long started = server.startedAt();
        server.whenDown(() -> lane.execute(() -> finish(SUCCEEDED)));
        stop.budget()
                .ifPresent(
                        budget -> {
                            harder(budget, StopMode.IMMEDIATE, started);
                            harder(budget.plusSeconds(5), StopMode.KILL, started);
                        });
    }

    private void harder(Duration after, StopMode mode, long started) {
        lane.after(
                after,
                () -> {
                    if (!ended && server.isAlive() && server.startedAt() == started) {
                        server.stop(mode, () -> {});
                    }
                });
    }

    private void restart(Duration timeout) {
        if (!server.hasData()) {
            fail("the data directory is empty");
            return;
        }
        port.stopping();
        server.stop(StopMode.FAST, () -> {});
        harder(Duration.ofSeconds(20), StopMode.IMMEDIATE, server.startedAt());
        server.whenDown(
                () -> later(100, () -> launch(Optional.of(timeout), () -> finish(SUCCEEDED))));
    }

    private void crashRecovery() {
        if (server.isAlive() || !server.hasData()) {
            fail("PostgreSQL is running");
            return;
        }
        server.recoverSingleUser();
        finish(SUCCEEDED);
    }

    // ---- changing roles

    private void promote() {
        if (server.phase() != Server.Phase.STANDBY) {
            fail("PostgreSQL is not a running standby");
            return;
        }
        if (world.chance(0.01)) {
            finish(new ActionResult.PrePromoteFailed("pre_promote exited with 1"));
            return;
        }
        promoting = true;
        progress(new ActionProgress.Promoting());
        node.observer().promotes(node);
        server.promote(() -> lane.execute(() -> finish(SUCCEEDED)));
        port.changed();
        progress(new ActionProgress.Promoted());
        server.whenDown(() -> lane.execute(() -> fail("PostgreSQL ended while it was promoted")));
    }

    private void follow(Optional<Upstream> upstream) {
        if (server.phase() != Server.Phase.STANDBY) {
            fail("PostgreSQL is not a running standby");
            return;
        }
        server.configure(true, upstream);
        if (world.chance(0.05)) {
            restart(Duration.ofSeconds(60));
        } else {
            finish(SUCCEEDED);
        }
    }

    /** As PostgreSQL's tools can see it: by timeline numbers and history files. */
    private ActionResult divergence(String leaderName) {
        Optional<Server> found = reachablePrimary(leaderName);
        if (found.isEmpty()) {
            return new ActionResult.NotYet(leaderName + " is not reachable as a primary");
        }
        Timeline theirs = found.get().timeline();
        Timeline mine = server.timeline();
        if (mine.number() == theirs.number()) {
            return new ActionResult.Divergence(false);
        }
        Optional<Long> left =
                mine.number() > theirs.number() ? Optional.empty() : theirs.leftAt(mine.number());
        if (left.isEmpty()) {
            return new ActionResult.Divergence(true);
        }
        boolean cleanPrimary = server.control().equals("shut down");
        boolean needed =
                cleanPrimary ? server.checkpoint() != left.get() : server.position() > left.get();
        return new ActionResult.Divergence(needed);
    }

    private void rewind(String leaderName) {
        Optional<Server> found = reachablePrimary(leaderName);
        if (server.isAlive()) {
            fail("PostgreSQL is running");
            return;
        }
        if (found.filter(Server::hasCheckpointed).isEmpty()) {
            later(
                    200,
                    () ->
                            finish(
                                    new ActionResult.NotYet(
                                            "Waiting for checkpoint on "
                                                    + leaderName
                                                    + " before rewind")));
            return;
        }
        later(
                5_000,
                () -> {
                    if (reachablePrimary(leaderName).isEmpty()) {
                        server.rewindFailed();
                        fail("the connection to " + leaderName + " was lost");
                        return;
                    }
                    server.copyFrom(found.get());
                    finish(SUCCEEDED);
                });
    }
}
