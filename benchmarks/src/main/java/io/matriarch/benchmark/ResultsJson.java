package io.matriarch.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.matriarch.benchmark.measuring.Figures;
import io.matriarch.lab.LabPlan.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The results for machines. */
final class ResultsJson {
    private ResultsJson() {}

    static void write(Results results, Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode root = mapper.createObjectNode();
        ObjectNode environment = root.putObject("environment");
        results.environment().forEach(environment::put);
        results.differences().forEach(root.putArray("differing_settings")::add);
        ObjectNode outages = root.putObject("outage_ms");
        for (Fault fault : Fault.values()) {
            ObjectNode ofFault = outages.putObject(fault.key());
            for (Product product : Product.values()) {
                results.outage(product, fault)
                        .ifPresent(figures -> put(ofFault.putObject(name(product)), figures));
            }
            results.ratio(fault).ifPresent(ratio -> ofFault.put("ratio", ratio));
        }
        for (Results.Mark mark : results.marks()) {
            root.withArrayProperty("marks")
                    .addObject()
                    .put("claim", mark.text())
                    .put("met", mark.met());
        }
        for (Round round : results.rounds()) {
            root.withArrayProperty("rounds")
                    .addObject()
                    .put("product", name(round.product()))
                    .put("fault", round.fault().key())
                    .put("primary", round.primary())
                    .put("successor", round.successor())
                    .put("outage_ms", round.outageMillis())
                    .put("overlap_ms", round.overlapMillis())
                    .put("healed_ms", round.healedMillis())
                    .put("load", round.load());
        }
        Files.writeString(file, mapper.writeValueAsString(root) + "\n");
    }

    private static void put(ObjectNode node, Figures figures) {
        node.put("rounds", figures.count());
        node.put("median", figures.median());
        node.put("min", figures.min());
        node.put("max", figures.max());
    }

    private static String name(Product product) {
        return product.name().toLowerCase(Locale.ROOT);
    }
}
