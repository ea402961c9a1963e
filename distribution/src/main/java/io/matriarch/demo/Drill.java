package io.matriarch.demo;

import io.matriarch.lab.ClusterPicture;
import io.matriarch.lab.Ending;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.Ledger;
import io.matriarch.lab.MemberWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Hurts a running cluster in three ways while clients write, and measures. The faults come one
 * after the other, each when the cluster is whole again.
 */
final class Drill {
    private static final int STEPS = 3;
    private static final Duration LOOK = Duration.ofMillis(50);

    /** A row sent sooner after a fault may still have been taken before it struck. */
    private static final Duration SETTLE = Duration.ofMillis(300);

    private static final Duration CALM = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration WRITERS_END = Duration.ofSeconds(8);

    private final Lab cluster;
    private final Screen screen;
    private final Ending ending;
    private final Ending writersEnding = new Ending();
    private final Ledger ledger = new Ledger();
    private final List<Thread> writers = new ArrayList<>();
    private final List<DrillReport.Step> done = new ArrayList<>();

    Drill(Lab cluster, Screen screen, Ending ending) {
        this.cluster = cluster;
        this.screen = screen;
        this.ending = ending;
    }

    /** A fault, done to the member that leads. */
    @FunctionalInterface
    private interface Fault {
        void strike(String leader) throws LabException, InterruptedException;
    }

    DrillReport run() throws LabException, InterruptedException {
        String version = createTable();
        try {
            startWriters();
            calm();
            step("postmaster_killed", "primary's postmaster killed", this::killPostmaster);
            step("switchover", "switchover", this::switchOver);
            step("member_cut_off", "primary cut off from the network", this::cutOff);
        } finally {
            stopWriters();
        }
        Set<Long> found = rowsInPrimary();
        return new DrillReport(
                version,
                List.copyOf(done),
                ledger.size(true),
                ledger.lost(true, found),
                ledger.lost(false, found));
    }

    private void step(String key, String title, Fault fault)
            throws LabException, InterruptedException {
        long started = System.nanoTime();
        String leader = await(title, started, picture -> picture.leader().isPresent());
        long struck = System.nanoTime();
        fault.strike(leader);
        long effective = struck + SETTLE.toNanos();
        await(
                title,
                struck,
                picture ->
                        cluster.isWhole(picture)
                                && ledger.movedSince(effective)
                                && allStream(picture.leader().orElse("")));
        long healed = System.nanoTime();
        calm();
        Set<Long> found = rowsInPrimary();
        DrillReport.Step step =
                new DrillReport.Step(
                        key,
                        title,
                        ledger.outageNanos(struck, healed),
                        ledger.overlapNanos(struck, healed),
                        healed - struck,
                        ledger.lostBetween(started, healed, found));
        done.add(step);
        screen.say(step.line());
    }

    private boolean allStream(String leader) {
        try {
            return cluster.standbysOf(leader) == cluster.members().size() - 1;
        } catch (LabException e) {
            return false; // no primary to ask: not whole
        }
    }

    private void killPostmaster(String leader) throws LabException {
        long pid = cluster.postmaster(cluster.member(leader));
        ProcessHandle.of(pid)
                .orElseThrow(() -> new LabException("no process " + pid + " to kill"))
                .destroyForcibly();
    }

    private void switchOver(String leader) throws LabException, InterruptedException {
        String candidate =
                cluster.picture().rows().stream()
                        .filter(ClusterPicture.Row::follows)
                        .map(ClusterPicture.Row::name)
                        .findFirst()
                        .orElseThrow(() -> new LabException("nobody to switch over to"));
        cluster.rest().switchover(cluster.member(leader), leader, candidate);
    }

    private void cutOff(String leader) throws LabException, InterruptedException {
        LabMember lost = cluster.member(leader);
        long struck = System.nanoTime();
        lost.cutOff();
        try {
            await(
                    "primary cut off from the network",
                    struck,
                    picture ->
                            picture.leader().filter(name -> !name.equals(leader)).isPresent()
                                    && ledger.movedSince(struck + CALM.toNanos()));
        } finally {
            lost.reconnect();
        }
    }

    /** Looks until the picture is as wanted; returns the leader, or "" if there is none. */
    private String await(String what, long since, Predicate<ClusterPicture> wanted)
            throws LabException, InterruptedException {
        while (System.nanoTime() - since < PATIENCE.toNanos()) {
            ClusterPicture picture = cluster.picture();
            if (wanted.test(picture)) {
                return picture.leader().orElse("");
            }
            cluster.checkDaemons();
            screen.progress(done.size() + 1, STEPS, what, (System.nanoTime() - since) / 1e9);
            pause(LOOK);
        }
        throw new LabException(
                what
                        + ": not healed within "
                        + PATIENCE.toMinutes()
                        + " minutes; the last picture:\n"
                        + cluster.picture().table());
    }

    private void calm() throws LabException, InterruptedException {
        pause(CALM);
    }

    private void pause(Duration time) throws LabException, InterruptedException {
        if (ending.pause(time)) {
            throw new LabException("ended before the drill was done");
        }
    }

    private void startWriters() {
        for (LabMember member : cluster.members()) {
            for (boolean outside : new boolean[] {true, false}) {
                Thread writer =
                        new Thread(
                                new MemberWriter(
                                        member, outside, cluster.password(), ledger, writersEnding),
                                "writer-" + member.name());
                writer.setDaemon(true);
                writers.add(writer);
                writer.start();
            }
        }
    }

    private void stopWriters() throws InterruptedException {
        writersEnding.tell();
        for (Thread writer : writers) {
            writer.join(WRITERS_END.toMillis());
        }
    }

    private String createTable() throws LabException, InterruptedException {
        try (Connection connection = connectToPrimary();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table if not exists "
                            + MemberWriter.TABLE
                            + " (id bigint primary key, member text not null)");
            try (ResultSet version = statement.executeQuery("show server_version")) {
                version.next();
                return version.getString(1);
            }
        } catch (SQLException e) {
            throw new LabException("cannot prepare the drill's table: " + e.getMessage(), e);
        }
    }

    private Set<Long> rowsInPrimary() throws LabException, InterruptedException {
        Set<Long> found = new HashSet<>();
        try (Connection connection = connectToPrimary();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id from " + MemberWriter.TABLE)) {
            while (rows.next()) {
                found.add(rows.getLong(1));
            }
            return found;
        } catch (SQLException e) {
            throw new LabException("cannot count the rows: " + e.getMessage(), e);
        }
    }

    private Connection connectToPrimary() throws SQLException, LabException, InterruptedException {
        String leader =
                await("looking for the primary", System.nanoTime(), p -> p.leader().isPresent());
        return MemberWriter.connect(
                cluster.member(leader).publicPostgresPort(), cluster.password());
    }
}
