package io.matriarch.benchmark;

import io.matriarch.benchmark.measuring.Figures;
import io.matriarch.lab.LabPlan.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * All that was measured.
 *
 * @param environment names to values
 * @param differences PostgreSQL settings that were not the same
 * @param rounds in the order in which they ran
 */
record Results(Map<String, String> environment, List<String> differences, List<Round> rounds) {
    /**
     * A claim and whether the rounds bear it out.
     *
     * @param text the claim, with the figures
     */
    record Mark(String text, boolean met) {}

    Optional<Figures> outage(Product product, Fault fault) {
        return figures(product, fault, Round::outageMillis);
    }

    Optional<Figures> healing(Product product, Fault fault) {
        return figures(product, fault, Round::healedMillis);
    }

    private Optional<Figures> figures(
            Product product, Fault fault, ToDoubleFunction<Round> measured) {
        double[] values =
                rounds.stream()
                        .filter(round -> round.product() == product && round.fault() == fault)
                        .mapToDouble(measured)
                        .toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Figures.of(values));
    }

    /** Our median outage as a part of the peer's. */
    OptionalDouble ratio(Fault fault) {
        Optional<Figures> ours = outage(Product.MATRIARCH, fault);
        Optional<Figures> peers = outage(Product.PEER, fault);
        return ours.isPresent() && peers.isPresent()
                ? OptionalDouble.of(ours.get().median() / peers.get().median())
                : OptionalDouble.empty();
    }

    /** What the product promises of itself, as far as it was measured. */
    List<Mark> marks() {
        List<Mark> marks = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            Optional<Figures> ours = outage(Product.MATRIARCH, fault);
            if (ours.isPresent()) {
                addMarks(marks, fault, ours.get().median());
            }
        }
        long overlaps =
                rounds.stream()
                        .filter(r -> r.product() == Product.MATRIARCH && r.overlapNanos() > 0)
                        .count();
        marks.add(
                new Mark(
                        "rounds in which two of our members took writes: " + overlaps,
                        overlaps == 0));
        return marks;
    }

    private void addMarks(List<Mark> marks, Fault fault, double median) {
        fault.markMillis()
                .ifPresent(
                        most ->
                                marks.add(
                                        new Mark(
                                                String.format(
                                                        Locale.ROOT,
                                                        "%s: median %.0f ms, at most %d ms",
                                                        fault.title(),
                                                        median,
                                                        most),
                                                median <= most)));
        ratio(fault)
                .ifPresent(
                        ratio ->
                                marks.add(
                                        new Mark(
                                                String.format(
                                                        Locale.ROOT,
                                                        "%s: %.2f of the peer's, below 1",
                                                        fault.title(),
                                                        ratio),
                                                ratio < 1)));
    }
}
