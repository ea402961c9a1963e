package io.matriarch.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Endpoints mode: the lease and the address that clients reach change hands in one write. */
@Tag("real")
class EndpointsWireTest {
    private static ApiCluster cluster;
    private static int tenants;

    private final Tenant tenant = new Tenant(cluster, "wire-" + tenants++, "rbac-endpoints");

    @BeforeAll
    static void start() {
        cluster = ApiCluster.start();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private Dcs member(String name, Map<String, Object> more) {
        tenant.pod("batman", name);
        Map<String, Object> section = new HashMap<>(more);
        section.put("namespace", tenant.namespace());
        section.put("use_endpoints", true);
        return Opened.open(
                tenant.surroundings(cluster.address(0), tenant.token()),
                section,
                Optional.of(name),
                hint -> {});
    }

    private static Lease acquired(Dcs dcs) {
        return dcs.acquire(dcs.read(Opening.SCOPE, Opening.within(5)), Opening.within(5))
                .applied()
                .orElseThrow();
    }

    private JsonNode subsets() {
        return tenant.get("endpoints/batman").path("subsets");
    }

    @Test
    void theLeaderIsTheOnlyAddress() {
        List<Map<String, Object>> ports = List.of(Map.of("name", "postgresql", "port", 5433));
        try (Dcs a = member("a", Map.of("ports", ports));
                Dcs b = member("b", Map.of("ports", ports, "pod_ip", "10.9.9.9"))) {
            Lease lease = acquired(a);
            assertThat(subsets()).hasSize(1);
            JsonNode address = subsets().path(0).path("addresses").path(0);
            JsonNode pod = tenant.get("pods/a");
            assertThat(address.path("ip").asString("")).isEqualTo("10.1.0.2");
            assertThat(address.path("hostname").asString("")).isEqualTo("a");
            assertThat(address.path("nodeName").asString("")).isEqualTo("node-1");
            assertThat(address.path("targetRef").path("kind").asString("")).isEqualTo("Pod");
            assertThat(address.path("targetRef").path("name").asString("")).isEqualTo("a");
            assertThat(address.path("targetRef").path("uid"))
                    .isEqualTo(pod.path("metadata").path("uid"));
            JsonNode port = subsets().path(0).path("ports").path(0);
            assertThat(port.path("name").asString("")).isEqualTo("postgresql");
            assertThat(port.path("port").asInt(0)).isEqualTo(5433);
            // A renewal leaves a good address alone and repairs a bad one.
            cluster.admin()
                    .merge(
                            tenant.path("endpoints/batman"),
                            "{\"subsets\":[{\"addresses\":[{\"ip\":\"10.1.0.99\"}]}]}");
            a.renew(a.read(Opening.SCOPE, Opening.within(5)), LeaderUpdate.NONE, Opening.within(5));
            assertThat(subsets().path(0).path("addresses").path(0).path("ip").asString(""))
                    .isEqualTo("10.1.0.2");
            a.release(lease, Optional.of(Value.of("{}")), Opening.within(5));
            assertThat(subsets()).isEmpty();
            acquired(b);
            assertThat(subsets().path(0).path("addresses").path(0).path("ip").asString(""))
                    .isEqualTo("10.9.9.9");
            assertThat(subsets().path(0).path("addresses")).hasSize(1);
        }
    }

    @Test
    void theConfigurationHasAHeadlessService() {
        try (Dcs a = member("a", Map.of())) {
            a.write(EntryKind.CONFIG, Optional.of(Value.of("{}")), Guard.any(), Opening.within(5));
            JsonNode service = tenant.get("services/batman-config");
            assertThat(service.path("spec").path("clusterIP").asString("")).isEqualTo("None");
            assertThat(service.path("spec").has("selector")).isFalse();
            assertThat(StoredObject.of(service).labels())
                    .isEqualTo(Map.of("application", "patroni", "cluster-name", "batman"));
            assertThat(StoredObject.of(tenant.get("endpoints/batman-config")).annotations())
                    .containsEntry("config", "{}");
        }
        // The Service is there already: no member minds.
        try (Dcs b = member("b", Map.of())) {
            assertThat(
                            b.write(
                                            EntryKind.CONFIG,
                                            Optional.of(Value.of("{\"ttl\":20}")),
                                            Guard.any(),
                                            Opening.within(5))
                                    .isApplied())
                    .isTrue();
        }
    }
}
