package io.matriarch.engine.simulation;

import io.matriarch.engine.model.Tags;
import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.port.MemberOptions;
import io.matriarch.engine.port.MemberReport;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.StorePort;
import java.util.Map;
import java.util.Optional;

/** A machine: a server, a daemon that may die and come back, and cables that may be cut. */
final class Node {
    private final World world;
    private final String name;
    private final Server server;
    private final StoreLink storeLink = new StoreLink();
    private final Cluster cluster;
    private final MemberOptions options;
    private Optional<Life> life = Optional.empty();
    private long changedAt = Long.MIN_VALUE / 2;
    private long bootedAt = Long.MIN_VALUE / 2;
    private boolean leaving;
    private long sawPauseAt = Long.MIN_VALUE / 2;
    private String lastMessage = "";
    private long orderedAt = Long.MIN_VALUE / 2;
    private boolean reinitializeOrdered;

    /** One run of the daemon. */
    private record Life(DaemonLane lane, StoreClient store, ManagedMember member) {}

    Node(World world, Cluster cluster, String name, Tags tags, Map<String, Object> bootstrap) {
        this.world = world;
        this.cluster = cluster;
        this.name = name;
        this.server = cluster.fleet().add(name);
        this.options =
                new MemberOptions(
                        name,
                        StoreService.SCOPE.name(),
                        "postgres://" + name + ":5432/postgres",
                        "http://" + name + ":8008/patroni",
                        Optional.empty(),
                        tags,
                        Optional.of(bootstrap),
                        true,
                        false,
                        false);
    }

    String name() {
        return name;
    }

    Server server() {
        return server;
    }

    Fleet fleet() {
        return cluster.fleet();
    }

    StoreLink storeLink() {
        return storeLink;
    }

    Observer observer() {
        return cluster;
    }

    MemberOptions options() {
        return options;
    }

    // ---- the daemon

    void startDaemon() {
        if (life.filter(l -> !l.lane().isDead()).isPresent()) {
            return;
        }
        leaving = false;
        bootedAt = world.nanos();
        world.trace(name, "daemon starts");
        double rate = cluster.isDrifting() ? world.fraction(0.99, 1.01) : 1.0;
        DaemonLane lane = new DaemonLane(world, name, rate, world.millis(0, 1_000_000));
        StoreClient store = new StoreClient(world, cluster.store(), this, lane);
        ModelPostgres postgres = new ModelPostgres(world, this, lane);
        StorePort storePort = cluster.wrap(this, store);
        PostgresPort postgresPort = cluster.wrap(this, postgres);
        ManagedMember member =
                cluster.factory()
                        .create(
                                document -> options,
                                lane,
                                storePort,
                                postgresPort,
                                new ModelPeers(world, cluster, this, lane));
        store.listen(member::storeChanged);
        postgres.listen(member::postgresChanged);
        life = Optional.of(new Life(lane, store, member));
        member.ended()
                .thenAccept(
                        why -> {
                            world.trace(name, "daemon ended: " + why);
                            lane.kill();
                            changedAt = world.nanos();
                        });
        lane.afterEach(() -> lookAt(member));
        lane.execute(member::start);
    }

    private void lookAt(ManagedMember member) {
        if (member.seesPause()) {
            sawPauseAt = world.nanos();
        }
        member.control().ifPresent(this::traceMessage);
    }

    private void traceMessage(MemberControl control) {
        MemberReport report = control.report();
        String message = report.message() + " [rule " + report.rule() + "]";
        if (!message.equals(lastMessage)) {
            lastMessage = message;
            world.trace(name, "says: " + message);
        }
    }

    void killDaemon() {
        life.ifPresent(
                l -> {
                    if (!l.lane().isDead()) {
                        world.trace(name, "daemon killed");
                        l.lane().kill();
                        changedAt = world.nanos();
                    }
                });
    }

    /** The orderly end, as by SIGTERM. */
    void shutDownDaemon() {
        control()
                .ifPresent(
                        control -> {
                            world.trace(name, "daemon asked to end");
                            leaving = true;
                            lane().orElseThrow().execute(control::shutdown);
                        });
    }

    void freezeDaemon() {
        lane().ifPresent(
                        lane -> {
                            world.trace(name, "daemon frozen");
                            lane.freeze();
                        });
    }

    void thawDaemon() {
        lane().filter(DaemonLane::isFrozen)
                .ifPresent(
                        lane -> {
                            world.trace(name, "daemon thaws");
                            lane.thaw();
                            changedAt = world.nanos();
                        });
    }

    Optional<DaemonLane> lane() {
        return life.map(Life::lane).filter(lane -> !lane.isDead());
    }

    boolean isDaemonRunning() {
        return lane().filter(DaemonLane::isRunning).isPresent();
    }

    /** Empty while the daemon is dead. */
    Optional<MemberControl> control() {
        return life.filter(l -> !l.lane().isDead()).flatMap(l -> l.member().control());
    }

    void storeReconnected() {
        life.filter(l -> !l.lane().isDead()).ifPresent(l -> l.store().reconnected());
    }

    /** It was asked to end and has not been started again. */
    boolean isLeaving() {
        return leaving;
    }

    /**
     * The daemon cannot act, or could not until just now: what its PostgreSQL does is not its
     * fault. Only a guardian outside of the daemon could help.
     */
    boolean isHelpless(long graceNanos, long bootGraceNanos) {
        return !isDaemonRunning()
                || world.nanos() - changedAt < graceNanos
                || world.nanos() - bootedAt < bootGraceNanos;
    }

    /** An operator asked something of this node. */
    void ordered() {
        orderedAt = world.nanos();
    }

    void reinitializeOrdered() {
        ordered();
        reinitializeOrdered = true;
    }

    boolean isReinitializeOrdered() {
        return reinitializeOrdered;
    }

    boolean orderedWithin(long nanos) {
        return world.nanos() - orderedAt < nanos;
    }

    /** Its own picture says that the cluster is in maintenance mode. */
    boolean seesPause() {
        return life.filter(l -> !l.lane().isDead()).filter(l -> l.member().seesPause()).isPresent();
    }

    /** It may not have heard yet that maintenance mode is over, or only just. */
    boolean sawPauseWithin(long nanos) {
        return seesPause() || world.nanos() - sawPauseAt < nanos;
    }
}
