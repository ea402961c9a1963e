package io.matriarch.benchmark.measuring;

import java.util.Arrays;

/**
 * Some measurements in brief, in their unit.
 *
 * @param count how many; never 0
 */
public record Figures(int count, double median, double min, double max) {
    /** In any order. */
    public static Figures of(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no measurements");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Figures(sorted.length, median, sorted[0], sorted[sorted.length - 1]);
    }
}
