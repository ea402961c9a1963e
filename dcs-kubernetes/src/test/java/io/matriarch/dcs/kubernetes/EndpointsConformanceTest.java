package io.matriarch.dcs.kubernetes;

/** Entries in Endpoints, as {@code use_endpoints: true} has them. */
class EndpointsConformanceTest extends KubernetesConformance {
    EndpointsConformanceTest() {
        super(true);
    }

    /** The other mode plays the most; what differs is where the lease's write carries an address. */
    @Override
    protected int historyCount() {
        return 12;
    }
}
