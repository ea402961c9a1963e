package io.matriarch.engine.simulation;

import java.time.Duration;

/** Installs every check on a cluster, and holds what they share. */
final class Checks {
    /** A thawed or restarted daemon gets this long before its PostgreSQL is its own fault again. */
    static final long THAW_GRACE = Duration.ofSeconds(3).toNanos();

    /** The same for a daemon that was started beside a running primary. */
    static final long BOOT_GRACE = Duration.ofSeconds(25).toNanos();

    /** After the end of a pause members hear of it and repair what happened in it. */
    static final long PAUSE_GRACE = Duration.ofSeconds(60).toNanos();

    private final WriterChecks writers;

    private Checks(WriterChecks writers) {
        this.writers = writers;
    }

    static Checks install(Cluster cluster) {
        Leases leases = new Leases();
        WriterChecks writers = new WriterChecks(cluster, leases);
        ActionChecks actions = new ActionChecks(cluster);
        // The checks of the store judge an operation by the leases as they were before it.
        cluster.observe(new StoreChecks(cluster, leases));
        cluster.observe(leases);
        cluster.observe(writers);
        cluster.observe(actions);
        cluster.world().watch(writers);
        cluster.world().watch(actions);
        return new Checks(writers);
    }

    /** Ends what is still being measured. */
    void finish() {
        writers.finish();
    }

    /** Time in which two nodes took writes because a frozen or dead daemon could not act. */
    long helplessOverlapNanos() {
        return writers.helplessOverlapNanos();
    }

    static boolean helpless(Node node) {
        return node.isHelpless(THAW_GRACE, BOOT_GRACE);
    }
}
