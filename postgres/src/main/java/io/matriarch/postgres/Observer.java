package io.matriarch.postgres;

import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ControlData;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.PostgresStatus;
import io.matriarch.engine.port.Upstream;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one picture of the instance. Runs on the observing lane only. */
final class Observer {
    private static final Logger log = LoggerFactory.getLogger(Observer.class);

    private final Instance instance;
    private final Heartbeat heartbeat;
    private final ConfigFiles files;
    private final RecoveryParameters recovery;
    private final Callbacks callbacks;
    private final BooleanSupplier busy;
    private boolean joining;

    /**
     * @param busy whether an action runs: then it says what the state is
     */
    Observer(
            Instance instance,
            Heartbeat heartbeat,
            ConfigFiles files,
            Callbacks callbacks,
            BooleanSupplier busy) {
        this.instance = instance;
        this.heartbeat = heartbeat;
        this.files = files;
        this.recovery = new RecoveryParameters(instance);
        this.callbacks = callbacks;
        this.busy = busy;
        this.joining = instance.postmaster().isPresent();
    }

    LocalState observe() {
        DataDirectory.Look look = instance.directory().look();
        Optional<ServerProcess> postmaster = instance.postmaster();
        if (postmaster.isEmpty()) {
            heartbeat.close();
            return stopped(withoutRests(look));
        }
        Optional<StatusQuery.Answer> answer = ask();
        answer.ifPresent(this::learn);
        return picture(
                look,
                true,
                answer.map(StatusQuery.Answer::status),
                Optional.empty(),
                answer.map(StatusQuery.Answer::connInfo)
                        .or(files::configuredConnInfo)
                        .flatMap(recovery::upstreamOf));
    }

    /**
     * The rest of an own copy that was never finished is nothing: it is removed by the next one.
     */
    private DataDirectory.Look withoutRests(DataDirectory.Look look) {
        if (busy.getAsBoolean()) {
            return look;
        }
        instance.unfinished().tell();
        return look.kind() == LocalState.DataDirectory.PRESENT && instance.unfinished().leftBehind()
                ? new DataDirectory.Look(LocalState.DataDirectory.EMPTY, "")
                : look;
    }

    private LocalState stopped(DataDirectory.Look look) {
        if (!busy.getAsBoolean()) {
            MemberState state = instance.state();
            if (state == MemberState.RUNNING || state.isStarting()) {
                instance.enter(instance.paused() ? MemberState.STOPPED : MemberState.CRASHED);
            }
            if (look.kind() == LocalState.DataDirectory.EMPTY) {
                instance.become(Role.UNINITIALIZED);
            }
        }
        Optional<ControlData> control =
                look.kind() == LocalState.DataDirectory.PRESENT
                                && instance.state() != MemberState.CREATING_REPLICA
                        ? instance.controlData()
                        : Optional.empty();
        return picture(
                look,
                false,
                Optional.empty(),
                control,
                instance.directory().standbyConfigured()
                        ? files.configuredConnInfo().flatMap(recovery::upstreamOf)
                        : Optional.empty());
    }

    private LocalState picture(
            DataDirectory.Look look,
            boolean alive,
            Optional<PostgresStatus> status,
            Optional<ControlData> control,
            Optional<Upstream> upstream) {
        return new LocalState(
                look.kind(),
                look.problem().isEmpty() ? instance.problem() : look.problem(),
                ControlFile.head(instance.dataPath())
                        .filter(head -> look.kind() != LocalState.DataDirectory.EMPTY)
                        .map(ControlFile.Head::systemId),
                alive,
                instance.state(),
                instance.role(),
                status,
                control,
                upstream,
                instance.directory().standbyConfigured(),
                instance.pendingRestart(),
                instance.stateSince());
    }

    /** The lock file says whether the server is open: one that starts is not asked. */
    private Optional<StatusQuery.Answer> ask() {
        String status =
                PostmasterFile.read(instance.dataPath()).map(PostmasterFile::status).orElse("");
        if (!status.equals("ready") && !status.equals("stopping")) {
            notOpen();
            return Optional.empty();
        }
        try {
            return Optional.of(heartbeat.ask());
        } catch (SQLException e) {
            log.warn("The server did not answer the status query: {}", e.getMessage());
            if (Sql.notYetOpen(e)) {
                notOpen();
            }
            return Optional.empty();
        }
    }

    private void notOpen() {
        MemberState state = instance.state();
        if (!busy.getAsBoolean() && state != MemberState.STOPPING && !state.isStarting()) {
            instance.enter(MemberState.STARTING);
        }
    }

    private void learn(StatusQuery.Answer answer) {
        if (busy.getAsBoolean()) {
            return; // the action knows better what the state is on its way to be
        }
        instance.enter(MemberState.RUNNING);
        if (!answer.status().inRecovery()) {
            instance.become(Role.PRIMARY);
        } else if (instance.role() != Role.STANDBY_LEADER) {
            instance.become(Role.REPLICA);
        }
        if (joining) {
            // A server that ran before the daemon: for the scripts it starts now.
            callbacks.call(Callbacks.Event.ON_START, instance.role());
            joining = false;
        }
    }
}
