package io.matriarch.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two API servers on one store, of which one freezes: the Service would go on sending there. */
@Tag("real")
class BypassTest {
    private static ApiCluster cluster;
    private static int tenants;

    private Tenant tenant;
    private final BlockingQueue<Set<EntryKind>> hints = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() {
        // The certificate of the second one names no address, as those of API servers do.
        cluster = ApiCluster.start(List.of("server", "unnamed"));
        list();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void makeTenant() {
        tenant = new Tenant(cluster, "bypass-" + tenants++, "rbac-configmaps");
        tenant.pod("batman", "a");
    }

    @AfterEach
    void thaw() {
        cluster.each(cluster::thaw);
        cluster.awaitServing();
    }

    /**
     * The control plane lists its servers itself; here the store is told, for loopback is not
     * allowed.
     */
    private static void list() {
        StringBuilder subsets = new StringBuilder();
        for (int server = 0; server < cluster.size(); server++) {
            subsets.append(subsets.isEmpty() ? "" : ",")
                    .append("{\"addresses\":[{\"ip\":\"127.0.0.1\"}],")
                    .append("\"ports\":[{\"name\":\"https\",\"protocol\":\"TCP\",\"port\":")
                    .append(cluster.port(server))
                    .append("}]}");
        }
        cluster.plant(
                "/registry/services/endpoints/default/kubernetes",
                """
                {"kind":"Endpoints","apiVersion":"v1","metadata":{"name":"kubernetes",
                 "namespace":"default","uid":"0b7c1a52-0000-4000-8000-000000000001",
                 "creationTimestamp":"2026-01-01T00:00:00Z"},"subsets":[%s]}"""
                        .formatted(subsets));
    }

    private Dcs member(boolean bypass) {
        return Opened.open(
                tenant.surroundings(cluster.address(0), tenant.token()),
                Map.of("namespace", tenant.namespace(), "bypass_api_service", bypass),
                Optional.of("a"),
                hints::add);
    }

    @Test
    void aFrozenServerIsPassedBy() throws InterruptedException {
        tenant.apply("rbac-bypass");
        tenant.awaitRights(Servers.LIST);
        try (Dcs dcs = member(true)) {
            assertThat(hints.poll(10, TimeUnit.SECONDS)).isEqualTo(Set.of());
            Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
            assertThat(dcs.acquire(seen, Opening.within(5)).isApplied()).isTrue();
            cluster.freeze(0);
            for (int i = 0; i < 3; i++) {
                assertThat(dcs.renew(seen, LeaderUpdate.NONE, Opening.within(4)).isApplied())
                        .isTrue();
                assertThat(dcs.read(Opening.SCOPE, Opening.within(4)).leader()).contains("a");
            }
            cluster.thaw(0);
            cluster.freeze(1);
            for (int i = 0; i < 3; i++) {
                assertThat(dcs.renew(seen, LeaderUpdate.NONE, Opening.within(4)).isApplied())
                        .isTrue();
            }
        }
    }

    /** What it is good for: the same freeze without it. */
    @Test
    void withoutItAFrozenServerIsAnUnreachableStore() {
        try (Dcs dcs = member(false)) {
            Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
            assertThat(dcs.acquire(seen, Opening.within(5)).isApplied()).isTrue();
            cluster.freeze(0);
            assertThatThrownBy(() -> dcs.renew(seen, LeaderUpdate.NONE, Opening.within(2)))
                    .isInstanceOf(DcsException.OutcomeUnknown.class);
        }
    }

    /** Without the right to see the list nothing else suffers. */
    @Test
    void withoutTheRightItIsNotInForce() throws InterruptedException {
        try (Dcs dcs = member(true)) {
            assertThat(hints.poll(10, TimeUnit.SECONDS)).isEqualTo(Set.of());
            Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
            assertThat(dcs.acquire(seen, Opening.within(5)).isApplied()).isTrue();
        }
    }
}
