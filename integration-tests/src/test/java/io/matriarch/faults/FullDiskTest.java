package io.matriarch.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.lab.ClusterPicture;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.LabPlan;
import io.matriarch.lab.MemberWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The primary's disk has no space left, while clients write. */
@Tag("real")
class FullDiskTest {
    private static final String FIRST = "node1";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SEVERAL_LOOKS = Duration.ofSeconds(12);

    @Test
    @DisplayName("a primary whose WAL disk is full is replaced, loses nothing, and heals")
    void fullWal() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(200)) {
            Path wal = disk.folder("wal");
            LabPlan plan =
                    LabPlan.three()
                            .customized(
                                    (name, yaml) ->
                                            customize(name, yaml, "\n    - waldir: " + wal));
            try (Lab lab = Product.lab(plan)) {
                Writers writers = start(lab);
                long begun = System.nanoTime();
                Awaitility.await("rows").until(() -> writers.ledger().movedSince(begun));
                disk.fill();
                writeUntilItFails(lab, lab.member(FIRST));
                awaitOther(lab, writers, System.nanoTime());
                assertThat(Files.readString(lab.directory().resolve(FIRST + ".log")))
                        .as("the log says what is wrong")
                        .contains("No space left on device");
                heals(lab, writers, disk, begun);
            }
        }
    }

    @Test
    @DisplayName("a primary whose data disk is full refuses rows, loses none, and heals")
    void fullDataDirectory() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(300)) {
            Path data = disk.folder("data");
            LabPlan plan = LabPlan.three().customized((name, yaml) -> customize(name, yaml, ""));
            try (Lab lab = Product.lab(plan)) {
                lab.startStoreOnly();
                Files.createSymbolicLink(lab.directory().resolve(FIRST), data);
                Writers writers = start(lab);
                long begun = System.nanoTime();
                Awaitility.await("rows").until(() -> writers.ledger().movedSince(begun));
                disk.fill();
                assertThat(writeUntilItFails(lab, lab.member(FIRST)))
                        .as("PostgreSQL tells its clients")
                        .contains("No space left on device");
                long failed = System.nanoTime();
                // PostgreSQL may go on refusing rows, or end when it needs a new WAL file: then
                // another member takes them. Either way the loop must have had time to look.
                Awaitility.await("several looks")
                        .pollDelay(SEVERAL_LOOKS)
                        .atMost(PATIENCE)
                        .until(() -> true);
                System.out.printf(
                        "small rows were taken while it was full: %s%n",
                        writers.ledger().movedSince(failed));
                heals(lab, writers, disk, begun);
            }
        }
    }

    /** The member with the small disk becomes the first leader. */
    private static Writers start(Lab lab) throws Exception {
        if (lab.members().isEmpty()) {
            lab.startStoreOnly();
        }
        lab.startDaemon(lab.member(FIRST));
        lab.await("the first leader", PATIENCE, picture -> leads(picture, FIRST));
        for (LabMember member : lab.members().subList(1, 3)) {
            lab.startDaemon(member);
        }
        lab.awaitWhole(PATIENCE);
        return Writers.on(lab);
    }

    private static void heals(Lab lab, Writers writers, SmallDisk disk, long begun)
            throws Exception {
        disk.free();
        long freed = System.nanoTime();
        lab.await(
                "a whole cluster that takes rows",
                PATIENCE,
                picture -> writers.serve(lab, picture, freed));
        System.out.printf("healed %.1f s after the space%n", seconds(freed));
        assertThat(writers.ledger().overlapNanos(begun, System.nanoTime())).isZero();
        writers.stop();
        assertThat(writers.lost(lab)).as("acknowledged rows lost").isZero();
    }

    private static void awaitOther(Lab lab, Writers writers, long failed) throws Exception {
        lab.await(
                "rows in another member",
                PATIENCE,
                picture ->
                        lab.members().stream()
                                .map(LabMember::name)
                                .filter(name -> !name.equals(FIRST))
                                .anyMatch(name -> writers.ledger().movedSince(name, failed)));
        System.out.printf("another member takes rows after %.1f s%n", seconds(failed));
    }

    /** Only the first member has the small disk. Each commit waits for one standby. */
    private static String customize(String name, String yaml, String option) {
        String patient =
                yaml.replace(
                        "max_connections: 50",
                        "max_connections: 50\n        synchronous_standby_names: '*'");
        return name.equals(FIRST)
                ? patient.replace(
                        "- data-checksums", "- data-checksums\n    - wal-segsize: 1" + option)
                : patient;
    }

    private static boolean leads(ClusterPicture picture, String name) {
        return picture.leader().filter(name::equals).isPresent();
    }

    /** What PostgreSQL says in the end. */
    private static String writeUntilItFails(Lab lab, LabMember primary) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        try (Connection connection =
                        MemberWriter.connect(primary.publicPostgresPort(), lab.password());
                Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists bulk as select 1 as n, 'x' as filling");
            while (System.nanoTime() - until < 0) {
                statement.execute(
                        "insert into bulk select n, repeat('x', 1000) from generate_series(1, 500)"
                                + " n");
            }
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
        throw new AssertionError("the disk did not become full");
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
