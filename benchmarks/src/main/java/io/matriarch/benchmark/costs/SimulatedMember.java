package io.matriarch.benchmark.costs;

import io.matriarch.daemon.wiring.DecisionLane;
import io.matriarch.daemon.wiring.StoreLanes;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.PeerStatus;
import io.matriarch.engine.model.Tags;
import io.matriarch.engine.plugin.DcsProviders;
import io.matriarch.engine.port.MemberOptions;
import io.matriarch.engine.port.MemberReport;
import io.matriarch.engine.port.Scheduler;
import io.matriarch.engine.shell.HaMember;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Section;
import io.matriarch.spi.Snapshot;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A member as the daemon runs it: the real shell on its own lanes, and a connection of its own to
 * the real store. Only PostgreSQL and the REST API are missing.
 */
final class SimulatedMember implements AutoCloseable, ObservedDcs.Observer {
    private static final int END_SECONDS = 30;

    private final String name;
    private final SimulatedCluster cluster;
    private final Traffic traffic;
    private final DecisionLane lane = new DecisionLane();
    private final StandInPostgres postgres;
    private final Dcs dcs;
    private final StoreLanes lanes;
    private final HaMember member;
    private volatile DcsListener listener = hint -> {};

    private SimulatedMember(
            String name, SimulatedCluster cluster, DcsProviders providers, Section store) {
        this.name = name;
        this.cluster = cluster;
        this.traffic = cluster.traffic();
        this.postgres = new StandInPostgres(lane, cluster.wal());
        DcsConfig config =
                new DcsConfig(
                        cluster.scope(), Optional.of(name), store, DcsSettings.defaults(), lane);
        this.dcs = new ObservedDcs(providers.open(config, hint -> listener.changed(hint)), this);
        this.lanes = new StoreLanes(dcs, cluster.scope(), lane);
        this.member = new HaMember(options(), lane, lanes, postgres, this::probe);
    }

    static SimulatedMember start(
            String name, SimulatedCluster cluster, DcsProviders providers, Section store) {
        SimulatedMember made = new SimulatedMember(name, cluster, providers, store);
        made.listener = made::hinted;
        made.member.start();
        return made;
    }

    private MemberOptions.Source options() {
        MemberOptions options =
                new MemberOptions(
                        name,
                        cluster.scope().name(),
                        "postgres://192.168.100.100:5432/postgres",
                        "http://192.168.100.100:8008/patroni",
                        Optional.empty(),
                        Tags.NONE,
                        Optional.of(Map.of()),
                        true,
                        false,
                        false);
        return document -> options;
    }

    private void hinted(Set<EntryKind> hint) {
        traffic.hint();
        if (hint.isEmpty() || hint.contains(EntryKind.LEADER)) {
            cluster.hinted(name, System.nanoTime());
        }
        member.changed(hint);
    }

    private void probe(Member peer, Duration budget, Consumer<Optional<PeerStatus>> to) {
        Optional<PeerStatus> answer = cluster.peerStatus(peer.name());
        Scheduler here = lane;
        here.execute(() -> to.accept(answer));
    }

    Optional<PeerStatus> peerStatus() {
        return postgres.peerStatus();
    }

    MemberReport report() {
        return member.report();
    }

    @Override
    public void read(Snapshot snapshot) {
        traffic.read();
        snapshot.leader().ifPresent(leader -> cluster.read(name, leader, System.nanoTime()));
    }

    @Override
    public void taken() {
        cluster.taken(name, System.nanoTime());
    }

    @Override
    public void released() {
        cluster.released(name, System.nanoTime());
    }

    @Override
    public void failed() {
        traffic.failure();
    }

    /** Ends it in good order, as SIGTERM does: a leader gives the lease up. */
    void shutDown() throws InterruptedException {
        try {
            member.shutdown().toCompletableFuture().get(END_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(name + " does not end: " + e, e);
        }
        close();
    }

    /** As a lost node: nothing is given up. */
    @Override
    public void close() {
        lane.close();
        lanes.close();
        dcs.close();
    }
}
