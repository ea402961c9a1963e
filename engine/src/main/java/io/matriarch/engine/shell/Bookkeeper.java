package io.matriarch.engine.shell;

import io.matriarch.engine.codec.ClusterCodec;
import io.matriarch.engine.codec.SlotName;
import io.matriarch.engine.decide.RunningAction;
import io.matriarch.engine.decide.Situation;
import io.matriarch.engine.model.ClusterStatus;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.ScheduledRestart;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.PostgresStatus;
import io.matriarch.engine.port.Scheduler;
import io.matriarch.engine.port.StorePort;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows from every decision and decides nothing: the member record, the leader's status, the
 * history, the checkpoint after a promotion, and PostgreSQL's configuration. Lives on the decision
 * lane.
 */
final class Bookkeeper {
    private static final Logger LOG = LoggerFactory.getLogger(Bookkeeper.class);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final Set<MemberState> WITH_POSITION =
            Set.of(MemberState.RUNNING, MemberState.RESTARTING, MemberState.STARTING);

    /** What a decision left behind. */
    record Entry(
            Situation situation,
            boolean leading,
            Optional<RunningAction> action,
            Optional<ScheduledRestart> scheduledRestart) {}

    private final Scheduler scheduler;
    private final StorePort store;
    private final PostgresPort postgres;
    private final Configuration configuration;
    private final Runnable changed;
    private final Publisher publisher;

    private boolean checkpointDone = true;
    private int checkpointFor;
    private int historyFor;

    Bookkeeper(
            Scheduler scheduler,
            StorePort store,
            PostgresPort postgres,
            Configuration configuration,
            Runnable changed) {
        this.scheduler = scheduler;
        this.store = store;
        this.postgres = postgres;
        this.configuration = configuration;
        this.changed = changed;
        this.publisher =
                new Publisher(scheduler, store, () -> configuration.settings().retryTimeout());
    }

    void viewed(ClusterView view) {
        view.config().ifPresent(configuration::see);
        if (!view.members().containsKey(configuration.options().name())
                || view.snapshot().members().get(configuration.options().name()) == null) {
            publisher.forget();
        }
    }

    /**
     * Others may not rewind from here before there was a checkpoint on this timeline, whoever began
     * it: this process may have been started after the promotion.
     */
    private void checkpoint(int timeline) {
        if (timeline <= 1 || timeline == checkpointFor) {
            return;
        }
        checkpointFor = timeline;
        checkpointDone = false;
        postgres.checkpoint(
                worked -> {
                    checkpointDone = worked;
                    if (!worked) {
                        scheduler.after(RETRY, () -> checkpointFor = 0);
                    }
                    changed.run();
                });
    }

    void after(Entry entry) {
        Situation s = entry.situation();
        if (s.view().isEmpty()) {
            return;
        }
        boolean idle = entry.action().isEmpty() && !s.fencing();
        if (idle && s.local().status().isPresent()) {
            postgres.apply(configuration.settings(), s.view());
        }
        if (entry.leading() && idle && s.local().takesWrites()) {
            checkpoint(s.local().status().map(PostgresStatus::timeline).orElse(0));
        }
        publisher.publish(record(entry), s.me().proxyUrl(), s.settings().loopWait());
        if (entry.leading() && idle && s.local().takesWrites()) {
            writeHistory(s);
        }
    }

    private Member record(Entry entry) {
        Situation s = entry.situation();
        LocalState local = s.local();
        boolean positions =
                WITH_POSITION.contains(local.state())
                        && entry.action()
                                .filter(a -> !(a.action() instanceof PostgresAction.Promote))
                                .isEmpty();
        Optional<PostgresStatus> status = positions ? local.status() : Optional.empty();
        boolean standby = status.filter(PostgresStatus::inRecovery).isPresent();
        return new Member(
                s.me().name(),
                Optional.of(s.me().connUrl()),
                Optional.of(s.me().apiUrl()),
                local.state().text(),
                Optional.of(local.role()),
                Optional.empty(),
                s.me().tags(),
                status.map(PostgresStatus::lastPosition),
                status.filter(x -> standby)
                        .map(PostgresStatus::received)
                        .filter(lsn -> !lsn.isZero()),
                status.filter(x -> standby)
                        .map(PostgresStatus::replayed)
                        .filter(lsn -> !lsn.isZero()),
                status.filter(x -> standby).flatMap(Bookkeeper::replicationState),
                status.map(PostgresStatus::timeline).orElse(0),
                checkpointDone || local.role() != Role.PRIMARY,
                local.pendingRestart(),
                entry.scheduledRestart(),
                s.settings().pause());
    }

    private static Optional<String> replicationState(PostgresStatus status) {
        if (status.streaming()) {
            return Optional.of("streaming");
        }
        return status.archiveRecovery() ? Optional.of("in archive recovery") : Optional.empty();
    }

    /** The leader's position and slots, to be written with a renewal. */
    LeaderUpdate leaderUpdate(Optional<ClusterView> view, Optional<LocalState> local) {
        Optional<PostgresStatus> status =
                local.flatMap(LocalState::status).filter(s -> !s.inRecovery());
        return status.map(
                        s -> {
                            Map<String, Lsn> slots = new HashMap<>(s.slots());
                            slots.put(SlotName.of(configuration.options().name()), s.position());
                            List<String> retained =
                                    view.map(v -> v.status().retainSlots()).orElse(List.of());
                            Value value =
                                    ClusterCodec.status(
                                            new ClusterStatus(s.position(), slots, retained));
                            return new LeaderUpdate(Optional.of(value), Optional.empty());
                        })
                .orElse(LeaderUpdate.NONE);
    }

    private void writeHistory(Situation s) {
        int timeline = s.local().status().map(PostgresStatus::timeline).orElse(0);
        Optional<List<HistoryLine>> known = s.view().flatMap(ClusterView::history);
        if (timeline == 0
                || timeline == historyFor
                || known.filter(lines -> ends(lines, timeline)).isPresent()) {
            return;
        }
        historyFor = timeline;
        if (timeline == 1) {
            put(List.of());
            return;
        }
        postgres.history(timeline, lines -> put(merged(lines, known.orElse(List.of()))));
    }

    private static boolean ends(List<HistoryLine> lines, int timeline) {
        return timeline == 1
                ? lines.isEmpty()
                : !lines.isEmpty()
                        && lines.get(lines.size() - 1).timeline() == timeline - 1
                        && lines.get(lines.size() - 1).newLeader().isPresent();
    }

    /** Times and names that are known already stay with their lines. */
    private List<HistoryLine> merged(List<HistoryLine> local, List<HistoryLine> known) {
        List<HistoryLine> all = new ArrayList<>();
        for (HistoryLine line : local) {
            all.add(
                    known.stream()
                            .filter(
                                    k ->
                                            k.timeline() == line.timeline()
                                                    && k.switchedAt().equals(line.switchedAt()))
                            .filter(k -> k.newLeader().isPresent())
                            .findFirst()
                            .orElse(line));
        }
        int limit = configuration.settings().maxTimelinesHistory();
        return limit > 0 && all.size() > limit ? all.subList(all.size() - limit, all.size()) : all;
    }

    private void put(List<HistoryLine> lines) {
        store.submit(
                StorePort.Lane.VIEW,
                configuration.settings().retryTimeout(),
                (dcs, deadline) ->
                        dcs.write(
                                EntryKind.HISTORY,
                                Optional.of(ClusterCodec.history(lines)),
                                Guard.any(),
                                deadline),
                answer -> {
                    if (answer.answer().filter(Outcome::isApplied).isEmpty()) {
                        LOG.warn("could not write the history: {}", answer);
                        historyFor = 0;
                    }
                });
    }
}
