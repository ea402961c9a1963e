package io.matriarch.conformance.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a report as {@code NAME.json} and {@code NAME.md}. */
public final class ReportFiles {
    private ReportFiles() {}

    /**
     * Writes both files, over those of the run before.
     *
     * @throws UncheckedIOException if the folder cannot be written
     */
    public static void write(Path folder, RunReport report) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(report.name() + ".json"), json(report));
            Files.writeString(folder.resolve(report.name() + ".md"), markdown(report));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the report to " + folder, e);
        }
    }

    static String json(RunReport report) {
        String rules =
                report.rules().stream()
                        .map(ReportFiles::json)
                        .collect(Collectors.joining(",\n    ", "[\n    ", "\n  ]"));
        return "{\n"
                + ("  \"name\": " + quoted(report.name()) + ",\n")
                + ("  \"plugin\": " + quoted(report.plugin()) + ",\n")
                + ("  \"versions\": " + object(report.versions()) + ",\n")
                + ("  \"abilities\": " + array(report.abilities()) + ",\n")
                + ("  \"declares\": " + object(report.declarations()) + ",\n")
                + ("  \"seed\": " + report.seed().map(String::valueOf).orElse("null") + ",\n")
                + ("  \"histories\": " + quoted(report.histories()) + ",\n")
                + ("  \"passed\": " + report.count().passed() + ",\n")
                + ("  \"failed\": " + report.count().failed() + ",\n")
                + ("  \"notKept\": " + report.count().notKept() + ",\n")
                + ("  \"notRun\": " + report.count().notRun() + ",\n")
                + ("  \"rules\": " + rules + "\n")
                + "}\n";
    }

    private static String json(RuleVerdict rule) {
        String tests =
                rule.tests().stream()
                        .map(
                                test ->
                                        "{\"test\": "
                                                + quoted(test.test())
                                                + ", \"verdict\": "
                                                + quoted(test.verdict().words())
                                                + (test.reason().isEmpty()
                                                        ? ""
                                                        : ", \"reason\": " + quoted(test.reason()))
                                                + "}")
                        .collect(Collectors.joining(", ", "[", "]"));
        return "{\"rule\": "
                + quoted(rule.rule())
                + ", \"verdict\": "
                + quoted(rule.verdict().words())
                + ", \"tests\": "
                + tests
                + "}";
    }

    private static String object(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> quoted(field.getKey()) + ": " + quoted(field.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String array(List<String> items) {
        return items.stream().map(ReportFiles::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                default -> quoted.append(c < ' ' ? String.format("\\u%04x", (int) c) : "" + c);
            }
        }
        return quoted.append('"').toString();
    }

    static String markdown(RunReport report) {
        StringBuilder text = new StringBuilder();
        text.append("# Conformance of ").append(report.name()).append("\n\n");
        text.append("**").append(report.count()).append(".**\n\n| | |\n|---|---|\n");
        row(text, "plug-in", report.plugin());
        report.versions().forEach((part, version) -> row(text, part, version));
        row(text, "could be done to the store", String.join(", ", report.abilities()));
        row(text, "histories", report.histories());
        row(text, "seed", report.seed().map(String::valueOf).orElse("none"));
        text.append(
                "\nWhat the plug-in declares:\n\n| declared | and how it is held to it |\n|---|---|\n");
        report.declarations().forEach((what, said) -> row(text, what, said));
        text.append("\n| rule | verdict | tests passed | remarks |\n|---|---|---|---|\n");
        for (RuleVerdict rule : report.rules()) {
            row(
                    text,
                    rule.rule(),
                    rule.verdict().words(),
                    rule.count(Verdict.PASSED) + " of " + rule.tests().size(),
                    String.join("; ", rule.reasons()));
        }
        report.tests().stream()
                .filter(test -> test.verdict() == Verdict.FAILED)
                .forEach(
                        test ->
                                text.append("\n## ")
                                        .append(test.test())
                                        .append("\n\n```\n")
                                        .append(test.reason().strip())
                                        .append("\n```\n"));
        return text.toString();
    }

    private static void row(StringBuilder text, String... cells) {
        for (String cell : cells) {
            text.append("| ").append(cell.replace("|", "\\|")).append(' ');
        }
        text.append("|\n");
    }
}
