package io.matriarch.benchmark.costs;

import io.matriarch.benchmark.measuring.Health;
import io.matriarch.lab.Ending;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.LabPlan.Store;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Starts a cluster of real processes, lets it settle, and looks on for a while. */
final class AtRest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Lab lab;
    private final Ending ending;

    AtRest(Lab lab, Ending ending) {
        this.lab = lab;
        this.ending = ending;
    }

    private record Look(Counts counts, Map<Long, ProcessUse> processes, long at) {}

    /**
     * @param settle how long it is left alone once all members are there
     * @param during how long it is measured
     */
    RestCost measure(Duration settle, Duration during) throws LabException, InterruptedException {
        lab.start();
        awaitWhole();
        pause(settle);
        Look before = look();
        pause(during);
        Look after = look();
        lab.checkDaemons();
        String leader = awaitWhole();
        List<RestCost.Daemon> daemons = new ArrayList<>();
        for (LabMember member : lab.members()) {
            daemons.add(
                    new RestCost.Daemon(
                            member.name(),
                            member.name().equals(leader),
                            used(lab.daemon(member.name()).pid(), before, after)));
        }
        return new RestCost(
                lab.plan().store(),
                lab.storeTitle(),
                lab.plan().product(),
                Duration.ofNanos(after.at() - before.at()),
                withoutOurs(after.counts().since(before.counts())),
                daemons,
                lab.storeServers().stream().map(s -> used(s.pid(), before, after)).toList(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** ZooKeeper counts the second of the two questions that were put to it itself. */
    private Counts withoutOurs(Counts counts) {
        if (lab.plan().store() != Store.ZOOKEEPER) {
            return counts;
        }
        Map<String, Long> less = new LinkedHashMap<>(counts.byKind());
        less.computeIfPresent("packets", (kind, count) -> count - 1);
        return new Counts(new TreeMap<>(less));
    }

    private static RestCost.Used used(long pid, Look before, Look after) {
        ProcessUse now = after.processes().get(pid);
        return new RestCost.Used(now, now.cpuSince(before.processes().get(pid)));
    }

    private Look look() throws LabException, InterruptedException {
        try {
            Map<Long, ProcessUse> processes = new LinkedHashMap<>();
            for (LabMember member : lab.members()) {
                long pid = lab.daemon(member.name()).pid();
                processes.put(pid, ProcessUse.of(pid));
            }
            for (Process server : lab.storeServers()) {
                processes.put(server.pid(), ProcessUse.of(server.pid()));
            }
            long at = System.nanoTime();
            return new Look(counts(), processes, at);
        } catch (IOException e) {
            throw new LabException("a process of the cluster is not there: " + e.getMessage(), e);
        }
    }

    private Counts counts() throws IOException, LabException, InterruptedException {
        Store store = lab.plan().store();
        if (store == Store.RAFT) {
            String first = lab.members().get(0).name();
            return RaftLog.in(lab.directory().resolve("raft-" + first));
        }
        return StoreCounters.of(store, lab.storeCounters());
    }

    private String awaitWhole() throws LabException, InterruptedException {
        long since = System.nanoTime();
        Health health = new Health(lab);
        while (System.nanoTime() - since < PATIENCE.toNanos()) {
            Optional<String> leader = health.leaderOfWhole();
            if (leader.isPresent()) {
                return leader.get();
            }
            // Other processes are being watched: there is nothing to be told by.
            pause(LOOK);
        }
        throw new LabException(
                "the cluster is not whole after " + PATIENCE.toSeconds() + " s:\n" + lab.logs());
    }

    private void pause(Duration time) throws LabException, InterruptedException {
        if (ending.pause(time)) {
            throw new LabException("ended before all was measured");
        }
    }
}
