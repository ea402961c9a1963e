package io.matriarch.benchmark;

import io.matriarch.lab.LabPlan.Product;

/**
 * One fault and what clients saw of it.
 *
 * @param product whose cluster
 * @param fault what was done
 * @param primary that was hurt
 * @param successor that leads afterwards; may be the same member
 * @param outageNanos the longest time without an acknowledged write
 * @param overlapNanos for how long two members were seen to take writes; 0 = never
 * @param healedNanos from the fault until every standby streams again; for a lost node this
 *     includes the time until it was started again
 * @param load processes that ran or waited for a core on average over the last minute
 */
record Round(
        Product product,
        Fault fault,
        String primary,
        String successor,
        long outageNanos,
        long overlapNanos,
        long healedNanos,
        double load) {
    private static final double NANOS_PER_MILLI = 1e6;

    double outageMillis() {
        return outageNanos / NANOS_PER_MILLI;
    }

    double overlapMillis() {
        return overlapNanos / NANOS_PER_MILLI;
    }

    double healedMillis() {
        return healedNanos / NANOS_PER_MILLI;
    }
}
