package io.matriarch.benchmark;

import io.matriarch.benchmark.measuring.Figures;
import io.matriarch.lab.LabPlan.Product;
import java.util.Locale;
import java.util.Optional;

/** The results for people, as Markdown. */
final class ResultsText {
    private final Results results;
    private final StringBuilder text = new StringBuilder();

    private ResultsText(Results results) {
        this.results = results;
    }

    static String of(Results results) {
        ResultsText made = new ResultsText(results);
        made.addTable();
        made.addMarks();
        made.addEnvironment();
        return made.text.toString();
    }

    private void addTable() {
        text.append("Time without an acknowledged write, in milliseconds:\n\n");
        text.append(
                "| Fault | Product | Rounds | Median | Min | Max | Ours / peer's |"
                        + " All members back (median) |\n");
        text.append("|---|---|---|---|---|---|---|---|\n");
        for (Fault fault : Fault.values()) {
            for (Product product : Product.values()) {
                results.outage(product, fault).ifPresent(f -> addRow(fault, product, f));
            }
        }
        text.append('\n');
    }

    private void addRow(Fault fault, Product product, Figures outage) {
        Optional<Figures> healing = results.healing(product, fault);
        var ratio = results.ratio(fault);
        boolean first = product == Product.MATRIARCH;
        text.append(
                String.format(
                        Locale.ROOT,
                        "| %s | %s | %d | %.0f | %.0f | %.0f | %s | %.0f |%n",
                        fault.title(),
                        first ? "Matriarch" : "peer",
                        outage.count(),
                        outage.median(),
                        outage.min(),
                        outage.max(),
                        first && ratio.isPresent()
                                ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble())
                                : "",
                        healing.map(Figures::median).orElse(Double.NaN)));
    }

    private void addMarks() {
        for (Results.Mark mark : results.marks()) {
            text.append("- ").append(mark.met() ? "met: " : "NOT MET: ");
            text.append(mark.text()).append('\n');
        }
        text.append('\n');
    }

    private void addEnvironment() {
        results.environment()
                .forEach((name, value) -> text.append("- " + name + ": " + value + "\n"));
        for (String difference : results.differences()) {
            text.append("- PostgreSQL setting that differs: ").append(difference).append('\n');
        }
    }
}
