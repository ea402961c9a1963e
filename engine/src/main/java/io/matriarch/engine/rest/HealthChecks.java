package io.matriarch.engine.rest;

import io.matriarch.engine.config.GucNumber;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.Settings.SynchronousMode;
import io.matriarch.engine.port.MemberReport;
import io.matriarch.engine.port.PostgresStatus;
import java.util.Map;
import java.util.Optional;

/**
 * Which status code a load balancer or an orchestrator gets: a pure function of the request and of
 * the member's report. Paths are matched by substring, in a fixed order; only the family of
 * synchronous checks needs the exact path.
 */
public final class HealthChecks {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final String TAG = "tag_";

    private final RequestTarget target;
    private final MemberReport report;
    private final Reported reported;
    private final boolean primary;
    private final boolean standbyLeader;
    private final boolean leader;
    private final boolean replica;

    private HealthChecks(RequestTarget target, MemberReport report) {
        this.target = target;
        this.report = report;
        this.reported = new Reported(report);
        Role role = reported.role();
        boolean standbyCluster = Reported.standbyCluster(report.settings());
        boolean plainReplica = replicaCheck();
        if (report.view().isEmpty() && report.settings().pause()) {
            // Nobody can prove a lease, and in maintenance nobody acts on that: go by the role.
            primary = role == Role.PRIMARY;
            standbyLeader = role == Role.STANDBY_LEADER;
            leader = primary || standbyLeader;
            replica = plainReplica;
        } else {
            leader = report.holdsLease();
            primary = leader && !standbyCluster;
            standbyLeader =
                    leader
                            && standbyCluster
                            && (role == Role.REPLICA || role == Role.STANDBY_LEADER);
            replica = plainReplica && !(leader && standbyCluster);
        }
    }

    /** The code for any path that has no handler of its own. */
    public static int code(RequestTarget target, MemberReport report) {
        return new HealthChecks(target, report).code();
    }

    /**
     * Whether the answer needs what only PostgreSQL can tell. Checks of the lease do not: they are
     * answered from memory at once.
     */
    public static boolean asksPostgres(RequestTarget target) {
        String path = target.path();
        boolean lease =
                path.equals("/")
                        || path.contains("leader") && !path.contains("standby")
                        || path.contains("master")
                        || path.contains("primary")
                        || path.contains("read-write");
        return !lease;
    }

    /**
     * Whether the loop still runs.
     *
     * @param now monotonic nanoseconds on the clock of {@link MemberReport#nextRun()}
     */
    public static int liveness(MemberReport report, long now) {
        boolean primaryAlive =
                report.local()
                        .filter(l -> l.role() == Role.PRIMARY && l.postmasterAlive())
                        .isPresent();
        long patience = report.settings().ttl().toNanos() * (primaryAlive ? 1 : 2);
        boolean alive = report.settings().pause() || report.nextRun() + patience - now > 0;
        return alive ? OK : UNAVAILABLE;
    }

    /** Whether traffic may be sent to this member: {@code lag} and {@code mode} are read. */
    public static int readiness(RequestTarget target, MemberReport report) {
        if (report.holdsLease()) {
            return OK;
        }
        Reported reported = new Reported(report);
        Optional<PostgresStatus> status = reported.status();
        if (!reported.running()
                || status.isEmpty()
                || reported.replicationState().filter("streaming"::equals).isEmpty()
                || report.view().isEmpty() && status.get().latestEnd().isZero()) {
            return UNAVAILABLE;
        }
        Lsn position =
                target.parameter("mode").filter("write"::equals).isPresent()
                        ? status.get().received()
                        : status.get().replayed();
        long limit = lag(target).orElse(report.settings().maximumLagOnFailover());
        return reported.upstreamPosition().minus(position) > limit ? UNAVAILABLE : OK;
    }

    private int code() {
        String path = target.path().equals("/") ? "/primary" : target.path();
        if (path.contains("standby_leader") || path.contains("standby-leader")) {
            return code(standbyLeader);
        }
        if (path.contains("leader")) {
            return code(leader);
        }
        if (path.contains("master") || path.contains("primary") || path.contains("read-write")) {
            return code(primary);
        }
        return code(tagged(path) && tagsMatch());
    }

    private boolean tagged(String path) {
        if (path.contains("replica")) {
            return replica;
        }
        if (path.contains("read-only") && !path.contains("sync") && !path.contains("quorum")) {
            return primary || standbyLeader || replica;
        }
        if (path.contains("health")) {
            return reported.running();
        }
        return report.view().isPresent() && synchronousFamily(path);
    }

    private boolean synchronousFamily(String path) {
        boolean sync = reported.synchronousStandby(SynchronousMode.ON);
        boolean quorum = reported.synchronousStandby(SynchronousMode.QUORUM);
        boolean writable = primary || standbyLeader;
        return switch (path) {
            case "/sync", "/synchronous" -> replica && sync;
            case "/quorum" -> replica && quorum;
            case "/async", "/asynchronous" -> replica && !sync && !quorum;
            case "/read-only-quorum" -> writable || replica && quorum;
            case "/read-only-sync", "/read-only-synchronous" -> writable || replica && sync;
            default -> false;
        };
    }

    private boolean replicaCheck() {
        Optional<String> wanted = target.parameter("replication_state");
        return !report.tags().noloadbalance()
                && reported.role() == Role.REPLICA
                && reported.running()
                && !lagging()
                && (wanted.isEmpty() || wanted.equals(reported.replicationState()));
    }

    /** A limit that cannot be read is no limit. */
    private boolean lagging() {
        Optional<Long> limit = lag(target);
        Lsn upstream = reported.upstreamPosition();
        if (limit.isEmpty() || upstream.isZero()) {
            return false;
        }
        Lsn replayed = reported.status().map(PostgresStatus::replayed).orElse(Lsn.ZERO);
        return upstream.minus(replayed) > limit.get();
    }

    private boolean tagsMatch() {
        for (Map.Entry<String, String> parameter : target.query().entrySet()) {
            if (parameter.getKey().startsWith(TAG)) {
                Object value =
                        report.tags().values().get(parameter.getKey().substring(TAG.length()));
                if (value == null || !parameter.getValue().equals(tagText(value))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static String tagText(Object value) {
        return value instanceof String text
                ? text
                : value.toString().toLowerCase(java.util.Locale.ROOT);
    }

    private static Optional<Long> lag(RequestTarget target) {
        return target.parameter("lag").flatMap(text -> GucNumber.integer(text, "B"));
    }

    private static int code(boolean good) {
        return good ? OK : UNAVAILABLE;
    }
}
