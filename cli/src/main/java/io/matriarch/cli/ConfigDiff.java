package io.matriarch.cli;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a change of the dynamic configuration comes to, as a unified diff of its YAML. */
final class ConfigDiff {
    private static final int CONTEXT = 3;

    private final List<String> lines;

    private ConfigDiff(List<String> lines) {
        this.lines = lines;
    }

    static ConfigDiff between(String before, String after) {
        List<String> old = before.lines().toList();
        return new ConfigDiff(
                UnifiedDiffUtils.generateUnifiedDiff(
                        "", "", old, DiffUtils.diff(old, after.lines().toList()), CONTEXT));
    }

    /** To a person in colours, page by page; else as plain lines. */
    void print(Console console, Map<String, String> environment) {
        boolean plain = environment.containsKey("NO_COLOR");
        if (!console.isTerminal()) {
            lines.forEach(console::line);
        } else if (plain || !page(coloured(), environment)) {
            (plain ? lines : List.of(coloured())).forEach(console::line);
        }
    }

    private String coloured() {
        return lines.stream().map(ConfigDiff::coloured).collect(Collectors.joining("\n"));
    }

    private static String coloured(String line) {
        String colour =
                line.startsWith("+++") || line.startsWith("---")
                        ? "1"
                        : line.startsWith("+")
                                ? "32"
                                : line.startsWith("-") ? "31" : line.startsWith("@") ? "36" : "0";
        return "\u001b[" + colour + "m" + line + "\u001b[0m";
    }

    /**
     * @return whether a pager showed it
     */
    private static boolean page(String text, Map<String, String> environment) {
        String wanted = environment.getOrDefault("PAGER", "");
        List<List<String>> pagers =
                wanted.isBlank()
                        ? List.of(List.of("less", "-FRX"), List.of("more"))
                        : List.of(
                                wanted.equals("less")
                                        ? List.of("less", "-FRX")
                                        : List.of(wanted.strip().split("\\s+")));
        for (List<String> pager : pagers) {
            try {
                Process process =
                        new ProcessBuilder(pager)
                                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                                .redirectError(ProcessBuilder.Redirect.INHERIT)
                                .start();
                try (var input = process.getOutputStream()) {
                    input.write((text + "\n").getBytes(StandardCharsets.UTF_8));
                }
                process.waitFor();
                return true;
            } catch (IOException e) {
                // Not installed, or left before the end: the next one, or none.
                continue;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
        }
        return false;
    }
}
