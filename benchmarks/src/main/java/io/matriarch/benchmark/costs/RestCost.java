package io.matriarch.benchmark.costs;

import io.matriarch.lab.LabPlan.Product;
import io.matriarch.lab.LabPlan.Store;
import java.time.Duration;
import java.util.List;

/**
 * What a cluster at rest cost.
 *
 * @param title the store, for people
 * @param took how long it was looked at
 * @param requests all that the store got of all members meanwhile
 * @param daemons one a member
 * @param servers the store's processes
 * @param load of the machine at the end
 */
record RestCost(
        Store store,
        String title,
        Product product,
        Duration took,
        Counts requests,
        List<Daemon> daemons,
        List<Used> servers,
        double load) {
    /** A process over that time. */
    record Used(ProcessUse atEnd, Duration cpu) {}

    /** A member's process. */
    record Daemon(String member, boolean leads, Used used) {}

    /** Of the average member, leader and standbys alike. */
    double requestsPerMemberMinute() {
        return requestsPerMemberMinute(requests.total());
    }

    double requestsPerMemberMinute(long count) {
        return count / minutes() / daemons.size();
    }

    /** Processor time that a server of the store spends on all members, in seconds a minute. */
    double serverCpuPerMinute() {
        return servers.stream().mapToDouble(s -> s.cpu().toMillis() / 1000.0).sum() / minutes();
    }

    double cpuPerMinute(Daemon daemon) {
        return daemon.used().cpu().toMillis() / 1000.0 / minutes();
    }

    private double minutes() {
        return took.toNanos() / 6e10;
    }
}
