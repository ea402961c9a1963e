package io.matriarch.engine.rest;

import io.matriarch.engine.codec.IsoTime;
import io.matriarch.engine.codec.Product;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.PendingChange;
import io.matriarch.engine.model.ScheduledRestart;
import io.matriarch.engine.model.Settings.SynchronousMode;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.MemberReport;
import io.matriarch.engine.port.PostgresStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a member says about itself: the body of {@code /patroni} and of every health check. */
public final class StatusDocument {
    private StatusDocument() {}

    /** The fields that the peer shows too, in its order. */
    public static Map<String, Object> of(MemberReport report) {
        Reported reported = new Reported(report);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("state", reported.state());
        Optional<PostgresStatus> status = reported.status();
        status.ifPresent(s -> document.put("postmaster_start_time", s.postmasterStartTime()));
        document.put("role", reported.role().text());
        status.ifPresent(s -> putStatus(document, s, reported));
        putCluster(document, report);
        putLocal(document, report);
        return document;
    }

    private static void putStatus(
            Map<String, Object> document, PostgresStatus status, Reported reported) {
        document.put("server_version", status.serverVersion());
        document.put("xlog", xlog(status));
        if (reported.synchronousStandby(SynchronousMode.ON)) {
            document.put("sync_standby", true);
        }
        if (reported.synchronousStandby(SynchronousMode.QUORUM)) {
            document.put("quorum_standby", true);
        }
        document.put("timeline", status.timeline() == 0 ? null : status.timeline());
        reported.replicationState().ifPresent(text -> document.put("replication_state", text));
        if (!status.senders().isEmpty()) {
            document.put("replication", status.senders());
        }
    }

    private static Map<String, Object> xlog(PostgresStatus status) {
        Map<String, Object> xlog = new LinkedHashMap<>();
        if (status.inRecovery()) {
            xlog.put(
                    "received_location",
                    (status.received().isZero() ? status.replayed() : status.received()).bytes());
            xlog.put("replayed_location", status.replayed().bytes());
            xlog.put("replayed_timestamp", status.replayedTimestamp().orElse(null));
            xlog.put("paused", status.replayPaused());
        } else {
            xlog.put("location", status.position().bytes());
        }
        return xlog;
    }

    private static void putCluster(Map<String, Object> document, MemberReport report) {
        if (report.settings().pause()) {
            document.put("pause", true);
        }
        if (report.view().filter(view -> !view.isUnlocked()).isEmpty()) {
            document.put("cluster_unlocked", true);
        }
        document.put("dcs_last_seen", report.dcsLastSeen().map(Instant::getEpochSecond).orElse(0L));
    }

    private static void putLocal(Map<String, Object> document, MemberReport report) {
        if (!report.tags().values().isEmpty()) {
            document.put("tags", report.tags().values());
        }
        report.local()
                .flatMap(LocalState::systemId)
                .or(() -> report.lastView().flatMap(ClusterView::systemId))
                .ifPresent(id -> document.put("database_system_identifier", id));
        putPendingRestart(
                document, report.local().map(LocalState::pendingRestart).orElse(Map.of()));
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("version", Product.PEER_VERSION);
        about.put("scope", report.scope());
        about.put("name", report.name());
        document.put("patroni", about);
        report.scheduledRestart()
                .ifPresent(restart -> document.put("scheduled_restart", scheduled(restart)));
    }

    static void putPendingRestart(
            Map<String, Object> document, Map<String, PendingChange> pending) {
        if (pending.isEmpty()) {
            return;
        }
        Map<String, Object> reasons = new LinkedHashMap<>();
        pending.forEach(
                (parameter, change) -> {
                    Map<String, Object> values = new LinkedHashMap<>();
                    values.put("old_value", change.oldValue());
                    values.put("new_value", change.newValue());
                    reasons.put(parameter, values);
                });
        document.put("pending_restart", true);
        document.put("pending_restart_reason", reasons);
    }

    static Map<String, Object> scheduled(ScheduledRestart restart) {
        Map<String, Object> document = new LinkedHashMap<>(restart.filters());
        document.put("schedule", IsoTime.text(restart.at()));
        return document;
    }
}
