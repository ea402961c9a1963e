package io.matriarch.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.faults.NetworkCluster.Row;
import io.matriarch.lab.ClusterPicture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two servers and a witness on the embedded store: whichever single link is lost, two of the three
 * still reach each other, and that is where one primary goes on.
 */
@Tag("real")
class TwoServersTest {
    private static final List<String> HOSTS = List.of("node1", "node2", NetworkCluster.WITNESS);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** A lease, the wait of one whose store is gone, an election on a busy machine. */
    private static final Duration SUCCESSION = Duration.ofSeconds(60);

    /** What has to go on without a gap of its own. */
    private static final int SOME_ROWS = 100;

    /** A way that packets take. */
    private record Way(String from, String to) {}

    private NetworkCluster cluster;

    @BeforeEach
    void open() throws Exception {
        cluster = NetworkCluster.ofTwoAndAWitness();
        cluster.start();
        whole();
    }

    @AfterEach
    void close() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void theServersLoseEachOtherAndTheLeaderLosesTheWitness() throws Exception {
        lose(List.of(new Way("node1", "node2"), new Way("node2", "node1")));
        String leader = whole();
        lose(List.of(new Way(leader, NetworkCluster.WITNESS)));
    }

    @Test
    @Tag("long")
    void eachLinkInTurnOneWayAndBothWays() throws Exception {
        for (String a : HOSTS) {
            for (String b : HOSTS.subList(HOSTS.indexOf(a) + 1, HOSTS.size())) {
                lose(List.of(new Way(a, b)));
                lose(List.of(new Way(b, a)));
                lose(List.of(new Way(a, b), new Way(b, a)));
            }
        }
    }

    /** One leader, streaming to the other one, and both say so. */
    private String whole() throws Exception {
        cluster.await(
                "a whole cluster",
                PATIENCE,
                () ->
                        sees("node1", picture -> picture.isWhole(2))
                                && sees("node2", picture -> picture.isWhole(2)));
        return cluster.picture("node1").leader().orElseThrow();
    }

    private void lose(List<Way> ways) throws Exception {
        whole();
        long lost = System.nanoTime();
        for (Way way : ways) {
            cluster.network().loseWay(way.from(), way.to());
        }
        try {
            // The first rows may still be those of a lease that nobody can prove again.
            long settled = lost + Duration.ofSeconds(25).toNanos();
            cluster.await(
                    "writes go on without " + ways,
                    SUCCESSION,
                    () -> taken(settled).size() > SOME_ROWS);
        } finally {
            for (Way way : ways) {
                cluster.network().findWay(way.from(), way.to());
            }
        }
        String leader = whole();
        neverTwo(lost);
        System.out.printf(
                "lost %s: longest time without a row %.1f s, led by %s afterwards%n",
                ways, longestGap(lost) / 1e9, leader);
    }

    private List<Row> taken(long since) {
        List<Row> rows = new ArrayList<>();
        for (String member : List.of("node1", "node2")) {
            cluster.rows(member).stream().filter(row -> row.sent() > since).forEach(rows::add);
        }
        rows.sort(java.util.Comparator.comparingLong(Row::sent));
        return rows;
    }

    private long longestGap(long since) {
        long before = since;
        long longest = 0;
        for (Row row : taken(since)) {
            longest = Math.max(longest, row.answered() - before);
            before = row.answered();
        }
        return longest;
    }

    /** No row was sent to the one after the other one had answered, and before that one's last. */
    private void neverTwo(long since) {
        record Taken(String member, Row row) {}
        List<Taken> all = new ArrayList<>();
        for (String member : List.of("node1", "node2")) {
            cluster.rows(member).stream()
                    .filter(row -> row.sent() > since)
                    .forEach(row -> all.add(new Taken(member, row)));
        }
        all.sort(java.util.Comparator.comparingLong(taken -> taken.row().sent()));
        List<String> changes = new ArrayList<>();
        for (Taken taken : all) {
            if (changes.isEmpty() || !changes.get(changes.size() - 1).equals(taken.member())) {
                changes.add(taken.member());
            }
        }
        assertThat(changes).as("who took rows, in order").doesNotHaveDuplicates();
    }

    private boolean sees(String member, Predicate<ClusterPicture> wanted) {
        try {
            return wanted.test(cluster.picture(member));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false; // the wait around it ends by its own interruption
        }
    }
}
