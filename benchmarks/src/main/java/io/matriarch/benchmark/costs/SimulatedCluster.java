package io.matriarch.benchmark.costs;

import io.matriarch.engine.model.PeerStatus;
import io.matriarch.engine.plugin.DcsProviders;
import io.matriarch.engine.port.MemberReport;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Some simulated members of one scope. Observations may come from any thread. */
final class SimulatedCluster implements AutoCloseable {
    private final Scope scope;
    private final DcsProviders providers;
    private final Section store;
    private final Traffic traffic;
    private final StandInWal wal = new StandInWal();
    private final Map<String, SimulatedMember> members = new ConcurrentHashMap<>();
    private volatile Optional<LeaderChange> change = Optional.empty();

    SimulatedCluster(Scope scope, DcsProviders providers, Section store, Traffic traffic) {
        this.scope = scope;
        this.providers = providers;
        this.store = store;
        this.traffic = traffic;
    }

    Scope scope() {
        return scope;
    }

    Traffic traffic() {
        return traffic;
    }

    StandInWal wal() {
        return wal;
    }

    void start(String member) {
        members.put(member, SimulatedMember.start(member, this, providers, store));
    }

    int size() {
        return members.size();
    }

    /** Who leads, as the leader itself believes. */
    Optional<String> leader() {
        return members.values().stream()
                .map(SimulatedMember::report)
                .filter(MemberReport::holdsLease)
                .map(MemberReport::name)
                .findFirst();
    }

    /** One leads, and all see all. */
    boolean isWhole() {
        return leader().isPresent()
                && members.values().stream()
                        .map(SimulatedMember::report)
                        .allMatch(
                                report ->
                                        report.view()
                                                .filter(v -> v.leader().isPresent())
                                                .filter(v -> v.members().size() == size())
                                                .isPresent());
    }

    /**
     * Ends the leader in good order and waits until every other member has read its successor's
     * name; then the former leader joins again.
     */
    LeaderChange.Latency changeLeader(long patienceSeconds) throws InterruptedException {
        String former = leader().orElseThrow(() -> new IllegalStateException("nobody leads"));
        TreeSet<String> others = new TreeSet<>(members.keySet());
        others.remove(former);
        LeaderChange next = new LeaderChange(former, others);
        change = Optional.of(next);
        members.remove(former).shutDown();
        boolean all = next.awaitAll(patienceSeconds);
        change = Optional.empty();
        start(former);
        if (!all) {
            throw new IllegalStateException(
                    next.unaware() + " members of " + scope + " know no new leader");
        }
        return next.latency();
    }

    Optional<PeerStatus> peerStatus(String member) {
        return Optional.ofNullable(members.get(member)).flatMap(SimulatedMember::peerStatus);
    }

    void hinted(String member, long at) {
        change.ifPresent(c -> c.hinted(member, at));
    }

    void read(String member, String leader, long at) {
        change.ifPresent(c -> c.read(member, leader, at));
    }

    void taken(String member, long at) {
        change.ifPresent(c -> c.taken(member, at));
    }

    void released(String member, long at) {
        change.ifPresent(c -> c.released(member, at));
    }

    @Override
    public void close() {
        members.values().parallelStream().forEach(SimulatedMember::close);
        members.clear();
    }
}
