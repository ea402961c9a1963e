package io.matriarch.benchmark;

import io.matriarch.benchmark.measuring.Health;
import io.matriarch.lab.ClusterPicture;
import io.matriarch.lab.Ending;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.LabPlan.Product;
import io.matriarch.lab.Ledger;
import io.matriarch.lab.MemberFile;
import io.matriarch.lab.MemberWriter;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** One product's cluster, which is hurt and measured. Used by one thread. */
final class Contestant {
    private static final Duration LOOK = Duration.ofMillis(25);
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration CALM = Duration.ofSeconds(3);

    /** A row sent sooner after a fault may still have been taken before it struck. */
    private static final Duration SETTLE = Duration.ofMillis(300);

    private final Product product;
    private final Lab lab;
    private final Health health;
    private final LeaseWatch lease;
    private final Ending ending;
    private final Random random;
    private final Duration loopWait;

    /**
     * @param loopWait the fault strikes at a random instant of so long a span: a daemon that looks
     *     once a loop has no lucky or unlucky phase
     */
    Contestant(Product product, Lab lab, Ending ending, Random random, Duration loopWait) {
        this.product = product;
        this.lab = lab;
        this.health = new Health(lab);
        this.lease = new LeaseWatch(lab, MemberFile.LEADER_KEY);
        this.ending = ending;
        this.random = random;
        this.loopWait = loopWait;
    }

    Product product() {
        return product;
    }

    Lab lab() {
        return lab;
    }

    /** Starts the cluster and makes the table that clients write to. */
    void start() throws LabException, InterruptedException {
        lab.start();
        String leader = awaitHealthy("the start", START);
        try (Connection connection = connect(leader);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table "
                            + MemberWriter.TABLE
                            + " (id bigint primary key, member text not null)");
        } catch (SQLException e) {
            throw new LabException("cannot make the table: " + e.getMessage(), e);
        }
    }

    /**
     * Hurts the cluster once, and returns when it is healthy again.
     *
     * @param leaseAge a node is lost so long after a renewal of its lease
     */
    Round round(Fault fault, Duration leaseAge) throws LabException, InterruptedException {
        String before = awaitHealthy("calm before " + fault.title(), PATIENCE);
        emptyTable(before);
        Ledger ledger = new Ledger();
        Writers writers = Writers.start(lab, ledger);
        try {
            return underWrites(fault, leaseAge, ledger);
        } finally {
            writers.end();
        }
    }

    private Round underWrites(Fault fault, Duration leaseAge, Ledger ledger)
            throws LabException, InterruptedException {
        pause(CALM.plus(Duration.ofMillis(random.nextLong(loopWait.toMillis()))));
        String leader = awaitHealthy("calm before " + fault.title(), PATIENCE);
        if (!ledger.movedSince(System.nanoTime() - CALM.toNanos())) {
            throw new LabException("no client can write to " + leader);
        }
        if (fault == Fault.NODE_LOST) {
            awaitRenewal();
            pause(leaseAge);
        }
        long struck = System.nanoTime();
        strike(fault, leader);
        long effective = struck + SETTLE.toNanos();
        await("writes after " + fault.title(), () -> ledger.movedSince(effective));
        if (fault == Fault.NODE_LOST) {
            lab.startDaemon(lab.member(leader));
        }
        String successor = awaitHealthy("healing after " + fault.title(), PATIENCE);
        long healed = System.nanoTime();
        return new Round(
                product,
                fault,
                leader,
                successor,
                ledger.outageNanos(struck, healed),
                ledger.overlapNanos(struck, healed),
                healed - struck,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** A renewal is seen by the time that is left: it jumps up. */
    private void awaitRenewal() throws LabException, InterruptedException {
        long since = System.nanoTime();
        long before = lease.secondsLeft();
        while (System.nanoTime() - since < PATIENCE.toNanos()) {
            pause(LOOK);
            long left = lease.secondsLeft();
            if (left > before) {
                return;
            }
            before = left;
        }
        throw late("a renewal of the lease", PATIENCE);
    }

    private void strike(Fault fault, String leader) throws LabException, InterruptedException {
        switch (fault) {
            case SWITCHOVER -> {
                LabMember asked = lab.member(leader);
                lab.rest().switchover(asked, leader, candidateBeside(leader));
            }
            case POSTMASTER_KILLED -> postmaster(leader).destroyForcibly();
            case NODE_LOST -> lab.loseNode(leader);
        }
    }

    private String candidateBeside(String leader) throws LabException, InterruptedException {
        List<String> others =
                lab.picture().rows().stream()
                        .map(ClusterPicture.Row::name)
                        .filter(name -> !name.equals(leader))
                        .toList();
        if (others.isEmpty()) {
            throw new LabException("nobody to switch over to");
        }
        return others.get(random.nextInt(others.size()));
    }

    private ProcessHandle postmaster(String member) throws LabException {
        long pid = lab.postmaster(lab.member(member));
        return ProcessHandle.of(pid)
                .orElseThrow(() -> new LabException("no process " + pid + " to kill"));
    }

    private String awaitHealthy(String what, Duration patience)
            throws LabException, InterruptedException {
        long since = System.nanoTime();
        while (System.nanoTime() - since < patience.toNanos()) {
            var leader = health.leaderOfWhole();
            if (leader.isPresent()) {
                return leader.get();
            }
            pause(LOOK);
        }
        throw late(what, patience);
    }

    private void await(String what, java.util.function.BooleanSupplier wanted)
            throws LabException, InterruptedException {
        long since = System.nanoTime();
        while (!wanted.getAsBoolean()) {
            if (System.nanoTime() - since > PATIENCE.toNanos()) {
                throw late(what, PATIENCE);
            }
            pause(LOOK);
        }
    }

    private LabException late(String what, Duration patience) throws InterruptedException {
        return new LabException(
                product
                        + ": "
                        + what
                        + " took longer than "
                        + patience.toSeconds()
                        + " s; the last picture:\n"
                        + lab.picture().table());
    }

    /** Every round has the same little data, so that none is slower to copy or to rewind. */
    private void emptyTable(String leader) throws LabException {
        try (Connection connection = connect(leader);
                Statement statement = connection.createStatement()) {
            statement.execute("truncate " + MemberWriter.TABLE);
        } catch (SQLException e) {
            throw new LabException("cannot empty the table: " + e.getMessage(), e);
        }
    }

    private Connection connect(String member) throws SQLException, LabException {
        return MemberWriter.connect(lab.member(member).publicPostgresPort(), lab.password());
    }

    private void pause(Duration time) throws LabException, InterruptedException {
        if (ending.pause(time)) {
            throw new LabException("ended before the benchmark was done");
        }
    }
}
