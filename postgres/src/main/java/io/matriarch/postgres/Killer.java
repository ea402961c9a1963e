package io.matriarch.postgres;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends every process of the server for certain.
 *
 * <p>A backend is a session of its own and goes on with its work after its postmaster was killed.
 * So the postmaster is stopped first (it can start nothing more), its descendants are listed and
 * killed, then itself; and then everything of a PostgreSQL program that still works in the data
 * directory, until there is nothing.
 */
final class Killer {
    private static final Logger log = LoggerFactory.getLogger(Killer.class);

    private final Instance instance;

    Killer(Instance instance) {
        this.instance = instance;
    }

    /** Kills, and goes on until nothing remains. A process that no signal can end blocks this. */
    void killAll() {
        Cancellation wait = new Cancellation();
        long lastWord = System.nanoTime();
        Set<ServerProcess> seen = new LinkedHashSet<>(instance.knownChildren());
        Optional<ServerProcess> postmaster = instance.postmaster();
        postmaster.ifPresent(server -> seen.addAll(stopAndList(server)));
        while (true) {
            seen.forEach(ServerProcess::kill);
            postmaster.ifPresent(ServerProcess::kill);
            List<ServerProcess> left = instance.processesInDirectory();
            seen.addAll(left);
            if (left.isEmpty() && seen.stream().noneMatch(ServerProcess::alive)) {
                return;
            }
            if (System.nanoTime() - lastWord > Duration.ofSeconds(2).toNanos()) {
                log.error("Processes of PostgreSQL do not end although killed: {}", left);
                lastWord = System.nanoTime();
            }
            if (!wait.tick() && Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }

    private Set<ServerProcess> stopAndList(ServerProcess server) {
        instance.commands().signal("STOP", server.pid());
        Set<ServerProcess> listed = new LinkedHashSet<>();
        try {
            for (long pid : ProcFs.descendants(server.pid())) {
                ServerProcess.of(pid).ifPresent(listed::add);
            }
        } catch (ProcFs.Unreadable e) {
            // The postmaster is killed all the same; the search in the directory finds the others.
            log.warn("The children of process {} are not known: {}", server.pid(), e.getMessage());
        }
        listed.add(server);
        return listed;
    }

    /** Whether any process of the server is alive, also one that has lost its postmaster. */
    boolean anyLeft() {
        return instance.postmaster().isPresent() || !instance.processesInDirectory().isEmpty();
    }
}
