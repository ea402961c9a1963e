package io.matriarch.benchmark.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.matriarch.lab.LabPlan.Store;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CountersTest {
    @Test
    void readsSamplesWithAndWithoutLabels() {
        String text =
                """
                # HELP some_total of something
                # TYPE some_total counter
                some_total{a="x\\"}y",b=""} 1.5e+03
                some_total 7 1700000000000
                some_total_more{a="z"} 9
                """;

        assertThat(Prometheus.samples(text, "some_total"))
                .containsExactly(
                        new Prometheus.Sample("some_total", Map.of("a", "x\\\"}y", "b", ""), 1500),
                        new Prometheus.Sample("some_total", Map.of(), 7));
    }

    @Test
    void sumsEtcdsMessagesByMethod() {
        String text =
                """
                grpc_server_msg_received_total{grpc_method="Range",grpc_service="etcdserverpb.KV",grpc_type="unary"} 12
                grpc_server_msg_received_total{grpc_method="Watch",grpc_service="etcdserverpb.Watch",grpc_type="bidi_stream"} 60
                grpc_server_started_total{grpc_method="Range",grpc_service="etcdserverpb.KV",grpc_type="unary"} 12
                """;

        assertThat(StoreCounters.of(Store.ETCD3, text).byKind())
                .containsExactly(entry("Range", 12L), entry("Watch", 60L));
    }

    @Test
    void leavesOurOwnQuestionsToConsulOut() {
        String text =
                """
                consul_api_http_count{method="GET",path="v1_kv_"} 21
                consul_api_http_count{method="GET",path="v1_agent_metrics"} 2
                """;

        assertThat(StoreCounters.of(Store.CONSUL, text).byKind())
                .containsExactly(entry("GET v1_kv_", 21L));
    }

    @Test
    void takesOnlyTheMembersObjectsFromTheApiServer() {
        String text =
                """
                apiserver_request_total{code="200",resource="configmaps",scope="namespace",verb="LIST"} 6
                apiserver_request_total{code="200",resource="configmaps",scope="cluster",verb="LIST"} 3
                apiserver_request_total{code="200",resource="leases",scope="namespace",verb="GET"} 30
                apiserver_request_total{code="409",resource="configmaps",scope="resource",verb="PATCH"} 1
                apiserver_request_total{code="200",resource="configmaps",scope="resource",verb="PATCH"} 4
                """;

        assertThat(StoreCounters.of(Store.KUBERNETES, text).byKind())
                .containsExactly(entry("LIST configmaps", 6L), entry("PATCH configmaps", 5L));
    }

    @Test
    void readsZooKeepersAnswer() {
        String text = "Latency min/avg/max: 0/0.3/9\nReceived: 1234\nSent: 1240\n";

        assertThat(StoreCounters.of(Store.ZOOKEEPER, text).total()).isEqualTo(1234);
        assertThatThrownBy(() -> StoreCounters.of(Store.ZOOKEEPER, "srvr is not executed"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void subtractsWhatWasThereBefore() {
        Counts before = new Counts(new TreeMap<>(Map.of("Range", 10L, "Put", 3L)));
        Counts after = new Counts(new TreeMap<>(Map.of("Range", 15L, "Put", 3L, "Txn", 2L)));

        assertThat(after.since(before).byKind())
                .containsExactly(entry("Range", 5L), entry("Txn", 2L));
        assertThat(after.since(before).total()).isEqualTo(7);
    }

    @Test
    void readsWhatTheKernelTells() {
        String status = "Name:\tjava\nVmRSS:\t  135168 kB\nRssAnon:\t  113664 kB\n";
        String stat = "4242 (a (strange) name) S 1 2 3 4 5 6 7 8 9 10 150 25 0 0 20 0";

        assertThat(ProcessUse.of(status, stat))
                .isEqualTo(new ProcessUse(135168, 113664, Duration.ofMillis(1750)));
    }
}
