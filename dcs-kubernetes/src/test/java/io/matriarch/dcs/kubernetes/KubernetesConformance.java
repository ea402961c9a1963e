package io.matriarch.dcs.kubernetes;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** The contract on a real API server with RBAC on, with the role of our manual and no more. */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KubernetesConformance extends DcsConformance {
    private final boolean endpoints;
    private ApiCluster cluster;
    private TenantProvider provider;

    KubernetesConformance(boolean endpoints) {
        this.endpoints = endpoints;
    }

    @BeforeAll
    void start() {
        cluster = ApiCluster.start();
        provider = new TenantProvider(cluster, endpoints);
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Kubernetes ends no lease, so any whole number of seconds will do. */
    @Override
    protected Duration ttl() {
        return Duration.ofSeconds(2);
    }

    /** The first request of a member is a TLS handshake, which the slowest link delays twice. */
    @Override
    protected Duration timeout() {
        return Duration.ofSeconds(5);
    }

    @Override
    protected Optional<String> storeVersion() {
        return Optional.of("kube-apiserver " + cluster.version());
    }

    @Override
    protected String reportName() {
        return endpoints ? "kubernetes-endpoints" : "kubernetes";
    }

    @Override
    protected DcsProvider provider() {
        return provider;
    }

    @Override
    protected Section section() {
        return provider.section(cluster.address(0));
    }

    @Override
    protected StoreControl control() {
        return new ApiControl(cluster, provider, endpoints);
    }

    /** The provider of the tests only hands each member an identity of its own. */
    @Override
    protected Class<?> pluginClass() {
        return KubernetesProvider.class;
    }

    /** A member is its Pod: the record goes when the Pod does. */
    @Override
    protected boolean memberRecordsStay() {
        return true;
    }
}
