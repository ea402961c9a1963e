package io.matriarch.benchmark.costs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.matriarch.lab.LabPlan.Product;
import io.matriarch.lab.LabPlan.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostTextTest {
    @TempDir private Path folder;

    private static RestCost.Used used(long megabytes, int cpuMillis) {
        return new RestCost.Used(
                new ProcessUse(megabytes << 10, (megabytes - 20) << 10, Duration.ofHours(1)),
                Duration.ofMillis(cpuMillis));
    }

    private static RestCost rest(Product product, long requests, long megabytes) {
        return new RestCost(
                Store.ETCD3,
                "etcd",
                product,
                Duration.ofMinutes(2),
                new Counts(new TreeMap<>(Map.of("Range", requests))),
                List.of(
                        new RestCost.Daemon("node1", false, used(megabytes, 400)),
                        new RestCost.Daemon("node2", true, used(megabytes + 8, 800)),
                        new RestCost.Daemon("node3", false, used(megabytes + 4, 600))),
                List.of(used(30, 1500)),
                0.5);
    }

    private static CrowdCost crowd() {
        return new CrowdCost(
                1,
                100,
                Duration.ofSeconds(50),
                new Counts(new TreeMap<>(Map.of("Range", 500L, "Watch", 5000L))),
                new Traffic.Seen(25, 500, 2),
                used(64, 10_000),
                used(500, 20_000),
                700,
                List.of(
                        new LeaderChange.Latency(5, 10, 15, 20, 30),
                        new LeaderChange.Latency(7, 12, 17, 26, 38)),
                0.5);
    }

    private static final CostResults RESULTS =
            new CostResults(
                    Map.of("cores", "2"),
                    List.of(rest(Product.MATRIARCH, 120, 100), rest(Product.PEER, 60, 51)),
                    List.of(crowd()));

    @Test
    void tellsTheAverageMemberAMinuteAndTheLeaderApart() {
        assertThat(CostText.of(RESULTS))
                .contains("| etcd3 | Matriarch | 20.0 | 102 (108) | 82 | 0.25 (0.40) | 30 | 0.75 |")
                .contains("| etcd3 | peer | 10.0 | 53 (59) | 33 |")
                .contains("ours / peer's: requests 2.00, memory of a standby's daemon 1.92")
                .contains("- etcd3, Matriarch: Range 20.0");
    }

    @Test
    void tellsWhatManyMembersCostASecond() {
        assertThat(CostText.of(RESULTS))
                .contains("| 1 | 100 | 110.0 | 0.50 | 10.0 | 2 | 20.0 | 64 |")
                .contains("| 1 | 100 | 2 | 6 (7) | 11 (12) | 16 (17) | 23 (26) | 34 (38) |")
                .contains("- 1 x 100: Range 10.0, Watch 100.0");
    }

    @Test
    void writesEveryFigureForMachines() throws IOException {
        Path file = folder.resolve("costs.json");

        CostJson.write(RESULTS, file);

        JsonNode root = new ObjectMapper().readTree(file.toFile());
        assertThat(root.at("/at_rest/0/requests_per_member_minute").asDouble()).isEqualTo(20);
        assertThat(root.at("/at_rest/0/daemons/1/leads").asBoolean()).isTrue();
        assertThat(root.at("/at_rest/1/daemons/0/resident_kb").asLong()).isEqualTo(51 << 10);
        assertThat(root.at("/crowds/0/requests_per_second").asDouble()).isEqualTo(110);
        assertThat(root.at("/crowds/0/changes_of_leader/1/lease_to_last_read_ms").asDouble())
                .isEqualTo(26);
    }
}
