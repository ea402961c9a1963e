package io.matriarch.engine.rest;

import io.matriarch.engine.codec.IsoTime;
import io.matriarch.engine.config.HostPort;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.model.Settings.SynchronousMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cluster as one picture: the body of {@code /cluster}, and what {@code list} prints. */
public final class ClusterDocument {
    private static final String UNKNOWN = "unknown";

    private ClusterDocument() {}

    /**
     * @param scope the cluster's name
     */
    public static Map<String, Object> of(ClusterView view, String scope) {
        return of(view, ClusterSettings.of(view), scope);
    }

    /**
     * @param settings what the view's dynamic configuration means
     * @param scope the cluster's name
     */
    public static Map<String, Object> of(ClusterView view, Settings settings, String scope) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("members", members(view, settings));
        if (settings.pause()) {
            document.put("pause", true);
        }
        view.failover()
                .ifPresent(
                        request ->
                                request.scheduledAt()
                                        .ifPresent(
                                                at -> {
                                                    Map<String, Object> switchover =
                                                            new LinkedHashMap<>();
                                                    switchover.put("at", IsoTime.text(at));
                                                    request.leader()
                                                            .ifPresent(
                                                                    n -> switchover.put("from", n));
                                                    request.candidate()
                                                            .ifPresent(
                                                                    n -> switchover.put("to", n));
                                                    document.put(
                                                            "scheduled_switchover", switchover);
                                                }));
        document.put("scope", scope);
        return document;
    }

    private static List<Map<String, Object>> members(ClusterView view, Settings settings) {
        List<Map<String, Object>> members = new ArrayList<>();
        for (Member member : view.members().values()) {
            // A leader that published nothing has a lease but no record to show.
            if (!member.equals(Member.named(member.name()))) {
                members.add(member(member, view, settings));
            }
        }
        return members;
    }

    private static Map<String, Object> member(Member member, ClusterView view, Settings settings) {
        String role = role(member, view, settings);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", member.name());
        document.put("role", role);
        document.put(
                "state",
                role.equals("leader")
                        ? member.state()
                        : member.replicationState().orElse(member.state()));
        document.put("api_url", member.apiUrl().orElse(null));
        address(member)
                .ifPresent(
                        address -> {
                            document.put("host", address.host());
                            document.put("port", address.port());
                        });
        if (member.timeline() != 0) {
            document.put("timeline", member.timeline());
        }
        StatusDocument.putPendingRestart(document, member.pendingRestart());
        member.scheduledRestart()
                .ifPresent(
                        restart -> {
                            Map<String, Object> planned = StatusDocument.scheduled(restart);
                            planned.put("postmaster_start_time", restart.postmasterStartTime());
                            document.put("scheduled_restart", planned);
                        });
        if (!member.tags().values().isEmpty()) {
            document.put("tags", member.tags().values());
        }
        if (!view.isLeader(member.name())) {
            Lsn leader = view.status().optime();
            putPosition(document, "receive_", member.received(), leader);
            putPosition(document, "replay_", member.replayed(), leader);
            putPosition(document, "", member.position(), leader);
        }
        return document;
    }

    private static String role(Member member, ClusterView view, Settings settings) {
        if (view.isLeader(member.name())) {
            return Reported.standbyCluster(settings) ? "standby_leader" : "leader";
        }
        SynchronousMode mode = Reported.synchronousMode(settings);
        if (mode == SynchronousMode.OFF
                || view.sync().isEmpty()
                || !view.sync().isVoter(member.name())) {
            return "replica";
        }
        return mode == SynchronousMode.QUORUM ? "quorum_standby" : "sync_standby";
    }

    private static void putPosition(
            Map<String, Object> document, String prefix, Optional<Lsn> position, Lsn leader) {
        if (position.isPresent()) {
            document.put(prefix + "lag", Math.max(0, leader.minus(position.get())));
            document.put(prefix + "lsn", position.get().toString());
        } else {
            document.put(prefix + "lsn", UNKNOWN);
            document.put(prefix + "lag", UNKNOWN);
        }
    }

    /** Where the member's PostgreSQL is reached, by its published URL. */
    public static Optional<HostPort> address(Member member) {
        return member.connUrl().flatMap(ClusterDocument::address);
    }

    private static Optional<HostPort> address(String url) {
        int start = url.indexOf("://");
        String rest = start < 0 ? url : url.substring(start + 3);
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        try {
            return Optional.of(
                    HostPort.parse(authority.substring(authority.lastIndexOf('@') + 1), 5432));
        } catch (IllegalArgumentException e) {
            // A member that published an unusable URL is shown without an address.
            return Optional.empty();
        }
    }
}
