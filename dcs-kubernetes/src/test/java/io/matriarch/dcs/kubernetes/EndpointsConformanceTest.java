package io.matriarch.dcs.kubernetes;

/** Entries in Endpoints, as {@code use_endpoints: true} has them. */
class EndpointsConformanceTest extends KubernetesConformance {
    EndpointsConformanceTest() {
        super(true);
    }
}
