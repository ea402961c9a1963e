package io.matriarch.benchmark.costs;

import io.matriarch.engine.codec.ClusterCodec;
import io.matriarch.engine.plugin.DcsProviders;
import io.matriarch.lab.Ending;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabPlan.Store;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Very many simulated members on one real etcd. */
final class Crowd implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int CHANGE_SECONDS = 60;

    /** Longer than loop_wait, so that what a change leaves behind is over. */
    private static final Duration BETWEEN_CHANGES = Duration.ofSeconds(12);

    private final Lab lab;
    private final DcsProviders providers;
    private final Ending ending;
    private final Traffic traffic = new Traffic();
    private final List<SimulatedCluster> clusters = new ArrayList<>();

    /**
     * @param lab of which only the store is used
     */
    Crowd(Lab lab, DcsProviders providers, Ending ending) {
        this.lab = lab;
        this.providers = providers;
        this.ending = ending;
    }

    private record Look(
            Counts counts, Traffic.Seen seen, ProcessUse etcd, ProcessUse ours, long at) {}

    /**
     * @param count of clusters
     * @param members of each
     * @param settle how long they are left alone once all have leaders
     * @param during how long they are measured
     * @param changes of leader after that, each in another cluster as far as there are others
     */
    CrowdCost measure(int count, int members, Duration settle, Duration during, int changes)
            throws LabException, InterruptedException {
        lab.startStoreOnly();
        Section store = new Section("etcd3", Map.of("hosts", lab.etcdUrl().getAuthority()));
        for (int i = 1; i <= count; i++) {
            Scope scope = new Scope("/service/", "cluster" + i);
            makeKnown(scope, store);
            SimulatedCluster cluster = new SimulatedCluster(scope, providers, store, traffic);
            synchronized (clusters) {
                clusters.add(cluster);
            }
            for (int m = 1; m <= members; m++) {
                cluster.start("node" + m);
            }
        }
        awaitWhole();
        pause(settle);
        Look before = look();
        pause(during);
        Look after = look();
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        List<LeaderChange.Latency> latencies = new ArrayList<>();
        for (int i = 0; i < changes; i++) {
            latencies.add(clusters.get(i % clusters.size()).changeLeader(CHANGE_SECONDS));
            pause(BETWEEN_CHANGES);
            awaitWhole();
        }
        return new CrowdCost(
                count,
                members,
                Duration.ofNanos(after.at() - before.at()),
                after.counts().since(before.counts()),
                after.seen().since(before.seen()),
                new RestCost.Used(after.etcd(), after.etcd().cpuSince(before.etcd())),
                new RestCost.Used(after.ours(), after.ours().cpuSince(before.ours())),
                threads,
                latencies,
                load);
    }

    /** The cluster has data already: nobody bootstraps it. */
    private void makeKnown(Scope scope, Section store) {
        DcsConfig tool =
                new DcsConfig(
                        scope, Optional.empty(), store, DcsSettings.defaults(), Ticker.system());
        try (Dcs dcs = providers.open(tool, hint -> {})) {
            Deadline deadline = Deadline.after(Ticker.system(), Duration.ofSeconds(10));
            dcs.write(
                    EntryKind.CONFIG,
                    Optional.of(
                            ClusterCodec.config(
                                    Map.of("ttl", 30, "loop_wait", 10, "retry_timeout", 10))),
                    Guard.absent(),
                    deadline);
            dcs.write(
                    EntryKind.INITIALIZE,
                    Optional.of(ClusterCodec.initialize(StandInPostgres.SYSTEM_ID)),
                    Guard.absent(),
                    deadline);
        }
    }

    private void awaitWhole() throws LabException, InterruptedException {
        long since = System.nanoTime();
        while (!clusters.stream().allMatch(SimulatedCluster::isWhole)) {
            if (System.nanoTime() - since > PATIENCE.toNanos()) {
                long whole = clusters.stream().filter(SimulatedCluster::isWhole).count();
                throw new LabException(
                        "only " + whole + " of " + clusters.size() + " clusters are whole");
            }
            // All of them at once have no event to wait for.
            pause(LOOK);
        }
    }

    private Look look() throws LabException, InterruptedException {
        try {
            return new Look(
                    StoreCounters.of(Store.ETCD3, lab.storeCounters()),
                    traffic.seen(),
                    ProcessUse.of(lab.storeServers().get(0).pid()),
                    ProcessUse.of(ProcessHandle.current().pid()),
                    System.nanoTime());
        } catch (IOException e) {
            throw new LabException("etcd is not there: " + e.getMessage(), e);
        }
    }

    private void pause(Duration time) throws LabException, InterruptedException {
        if (ending.pause(time)) {
            throw new LabException("ended before all was measured");
        }
    }

    @Override
    public void close() {
        List<SimulatedCluster> all;
        synchronized (clusters) {
            all = List.copyOf(clusters);
        }
        all.parallelStream().forEach(SimulatedCluster::close);
    }
}
