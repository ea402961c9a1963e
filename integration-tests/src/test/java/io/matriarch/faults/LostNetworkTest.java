package io.matriarch.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.faults.NetworkCluster.Row;
import io.matriarch.lab.ClusterPicture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The leader's host loses its network, for real. */
@Tag("real")
class LostNetworkTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int SOME_ROWS = 50;

    private NetworkCluster cluster;

    @AfterEach
    void close() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @DisplayName("a primary without network stops taking writes before another takes any")
    void lostNetwork() throws Exception {
        cluster = NetworkCluster.open();
        cluster.start();
        cluster.await("a whole cluster", PATIENCE, () -> sees("node1", p -> p.isWhole(3)));
        String old = cluster.picture("node1").leader().orElseThrow();
        List<String> others =
                NetworkCluster.MEMBERS.stream().filter(name -> !name.equals(old)).toList();
        cluster.await("writes", PATIENCE, () -> cluster.rows(old).size() > SOME_ROWS);

        cluster.network().unplug(old);
        long unplugged = System.nanoTime();
        cluster.await(
                "writes in another member",
                PATIENCE,
                () -> others.stream().anyMatch(name -> cluster.rows(name).size() > SOME_ROWS));
        String next =
                others.stream()
                        .filter(name -> cluster.rows(name).size() > SOME_ROWS)
                        .findFirst()
                        .orElseThrow();
        Row last = lastOf(old);
        Row first = cluster.rows(next).get(0);
        System.out.printf(
                "the lost primary took rows for %.1f s, the next one after %.1f s%n",
                (last.answered() - unplugged) / 1e9, (first.sent() - unplugged) / 1e9);
        assertThat(last.answered()).as("of the lost primary").isGreaterThan(unplugged);
        assertThat(first.sent()).as("the first write of %s", next).isGreaterThan(last.answered());
        assertThat(cluster.picture(next).leader()).isEqualTo(Optional.of(next));

        cluster.network().plugIn(old);
        long plugged = System.nanoTime();
        cluster.await(
                "the lost one as a replica", PATIENCE, () -> sees(next, p -> follows(p, old)));
        cluster.await(
                "a whole cluster",
                PATIENCE,
                () -> NetworkCluster.MEMBERS.stream().allMatch(n -> sees(n, p -> p.isWhole(3))));
        System.out.printf("whole again after %.1f s%n", (System.nanoTime() - plugged) / 1e9);
        assertThat(cluster.picture(old).leader()).isEqualTo(Optional.of(next));
        assertThat(lastOf(old)).as("no row was taken there since").isEqualTo(last);
    }

    private Row lastOf(String member) {
        List<Row> rows = cluster.rows(member);
        return rows.get(rows.size() - 1);
    }

    private static boolean follows(ClusterPicture picture, String name) {
        return picture.rows().stream().anyMatch(row -> row.name().equals(name) && row.follows());
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
