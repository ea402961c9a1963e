package io.matriarch.benchmark.costs;

import io.matriarch.lab.LabPlan.Product;
import io.matriarch.lab.LabPlan.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that was measured.
 *
 * @param environment names to values
 * @param atRest one a cluster of real processes
 * @param crowds of simulated members on one etcd
 */
record CostResults(Map<String, String> environment, List<RestCost> atRest, List<CrowdCost> crowds) {
    Optional<RestCost> of(Store store, Product product) {
        return atRest.stream()
                .filter(cost -> cost.store() == store && cost.product() == product)
                .findFirst();
    }
}
