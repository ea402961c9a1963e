package io.matriarch.benchmark.costs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Prometheus' text format. Pure. */
final class Prometheus {
    private static final Pattern SAMPLE =
            Pattern.compile("([A-Za-z_:][\\w:]*)(?:\\{(.*)\\})?\\s+(\\S+)(?:\\s+-?\\d+)?");
    private static final Pattern LABEL =
            Pattern.compile("([A-Za-z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private Prometheus() {}

    /**
     * One line of it.
     *
     * @param labels empty text for none
     */
    record Sample(String name, Map<String, String> labels, double value) {
        String label(String key) {
            return labels.getOrDefault(key, "");
        }
    }

    /** All samples of one name; lines that are none are passed over. */
    static List<Sample> samples(String text, String name) {
        List<Sample> found = new ArrayList<>();
        for (String line : text.split("\n")) {
            Matcher sample = SAMPLE.matcher(line.trim());
            if (line.startsWith(name) && sample.matches() && sample.group(1).equals(name)) {
                found.add(
                        new Sample(
                                name,
                                labels(sample.group(2) == null ? "" : sample.group(2)),
                                Double.parseDouble(sample.group(3))));
            }
        }
        return found;
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(text);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }
}
