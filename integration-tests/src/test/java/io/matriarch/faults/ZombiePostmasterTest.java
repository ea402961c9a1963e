package io.matriarch.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.LabPlan;
import io.matriarch.lab.Signals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A container whose first process does not reap: whoever is killed there stays as a zombie. */
@Tag("real")
class ZombiePostmasterTest {
    private static final Duration FEW_SECONDS = Duration.ofSeconds(8);

    /**
     * Adopts all descendants (PR_SET_CHILD_SUBREAPER) and waits for the daemon alone, as the first
     * process of a careless container does.
     */
    private static final String CARELESS =
            """
            import ctypes, os, signal, sys
            if ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) != 0:
                sys.exit("prctl failed")
            daemon = os.fork()
            if daemon == 0:
                os.execvp(sys.argv[1], sys.argv[1:])
            signal.signal(signal.SIGTERM, lambda number, frame: os.kill(daemon, number))
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(daemon, 0)[1]))
            """;

    @Test
    @DisplayName("a postmaster that was killed and stays a zombie is dead at once")
    void zombie() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/python3")),
                "a process that does not reap is written in Python: install python3");
        try (Lab lab = Product.lab(LabPlan.three())) {
            lab.startStoreOnly();
            for (LabMember member : lab.members()) {
                lab.startDaemon(member, List.of("/usr/bin/python3", "-c", CARELESS));
            }
            String leader = lab.awaitWhole(Duration.ofMinutes(2)).leader().orElseThrow();
            Writers writers = Writers.on(lab);
            long begun = System.nanoTime();
            Awaitility.await("rows").until(() -> writers.ledger().movedSince(begun));
            long postmaster = lab.postmaster(lab.member(leader));

            Signals.kill(postmaster);
            long killed = System.nanoTime();
            Awaitility.await("the zombie")
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> state(postmaster) == 'Z');
            // A backend that has not noticed may take another row; a new server it is that counts.
            lab.await(
                    "another postmaster that leads",
                    FEW_SECONDS,
                    picture -> picture.leader().filter(l -> leads(lab, l, postmaster)).isPresent());
            long led = System.nanoTime();
            lab.await(
                    "rows after the kill",
                    FEW_SECONDS,
                    picture -> writers.ledger().movedSince(led));
            System.out.printf("writable after %.1f s%n", (System.nanoTime() - killed) / 1e9);
            assertThat(state(postmaster)).as("nobody reaps it").isEqualTo('Z');
            lab.awaitWhole(Duration.ofMinutes(1));
            assertThat(writers.ledger().overlapNanos(begun, System.nanoTime())).isZero();
            writers.stop();
            assertThat(writers.lost(lab)).isZero();
        }
    }

    private static boolean leads(Lab lab, String member, long former) {
        try {
            return lab.postmaster(lab.member(member)) != former;
        } catch (LabException e) {
            return false; // it is being started
        }
    }

    private static char state(long pid) throws Exception {
        String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return line.charAt(line.lastIndexOf(')') + 2);
    }
}
