package io.matriarch.benchmark.costs;

import java.time.Duration;
import java.util.List;

/**
 * What very many members on one etcd cost.
 *
 * @param clusters how many
 * @param members of each
 * @param took how long they were looked at
 * @param requests that etcd got meanwhile
 * @param seen what the members had of it
 * @param etcd its process
 * @param ours this process, in which all members are
 * @param threads of this process
 * @param changes one after another
 * @param load of the machine at the end of the rest
 */
record CrowdCost(
        int clusters,
        int members,
        Duration took,
        Counts requests,
        Traffic.Seen seen,
        RestCost.Used etcd,
        RestCost.Used ours,
        int threads,
        List<LeaderChange.Latency> changes,
        double load) {
    int all() {
        return clusters * members;
    }

    double perSecond(long count) {
        return count * 1e9 / took.toNanos();
    }

    /** Share of one core, in percent. */
    double percentOfCore(RestCost.Used process) {
        return 100.0 * process.cpu().toNanos() / took.toNanos();
    }
}
