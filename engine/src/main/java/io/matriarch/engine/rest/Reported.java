package io.matriarch.engine.rest;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.model.Settings.SynchronousMode;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.MemberReport;
import io.matriarch.engine.port.PostgresStatus;
import java.util.Map;
import java.util.Optional;

/**
 * The words that the API derives from a report; used by its documents and its health checks alike.
 */
record Reported(MemberReport report) {
    Optional<PostgresStatus> status() {
        return report.local().flatMap(LocalState::status);
    }

    /** {@code unknown} when the server should answer queries and did not. */
    String state() {
        return report.local()
                .map(
                        local ->
                                local.state() == MemberState.RUNNING && local.status().isEmpty()
                                        ? "unknown"
                                        : local.state().text())
                .orElse("unknown");
    }

    boolean running() {
        return state().equals(MemberState.RUNNING.text());
    }

    /** What the server says it is; without its answer, the remembered role. */
    Role role() {
        Role remembered = report.local().map(LocalState::role).orElse(Role.UNINITIALIZED);
        return status().map(
                        s ->
                                !s.inRecovery()
                                        ? Role.PRIMARY
                                        : remembered == Role.STANDBY_LEADER
                                                ? Role.STANDBY_LEADER
                                                : Role.REPLICA)
                .orElse(remembered);
    }

    Optional<String> replicationState() {
        return status().filter(PostgresStatus::inRecovery)
                .map(
                        s ->
                                s.streaming()
                                        ? "streaming"
                                        : s.archiveRecovery() ? "in archive recovery" : "")
                .filter(text -> !text.isEmpty());
    }

    /** Listed in the sync key while synchronous mode is on. */
    boolean synchronousStandby(SynchronousMode mode) {
        return synchronousMode(report.settings()) == mode
                && status().isPresent()
                && role() == Role.REPLICA
                && report.view()
                        .map(ClusterView::sync)
                        .filter(sync -> !sync.isEmpty() && sync.isVoter(report.name()))
                        .isPresent();
    }

    /** The farthest position of the upstream that this member knows of; zero when none. */
    Lsn upstreamPosition() {
        Lsn published = report.view().map(view -> view.status().optime()).orElse(Lsn.ZERO);
        return published.max(status().map(PostgresStatus::latestEnd).orElse(Lsn.ZERO));
    }

    /** A standby cluster has no synchronous standbys, whatever is configured. */
    static SynchronousMode synchronousMode(Settings settings) {
        return standbyCluster(settings) ? SynchronousMode.OFF : settings.synchronousMode();
    }

    static boolean standbyCluster(Settings settings) {
        return settings.document().get("standby_cluster") instanceof Map<?, ?> section
                && (given(section.get("host"))
                        || given(section.get("port"))
                        || given(section.get("restore_command")));
    }

    private static boolean given(Object value) {
        return value != null && !value.toString().isEmpty();
    }
}
