package io.matriarch.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How a command-line tool ended.
 *
 * @param code its exit code
 * @param output both of its streams, in the order written
 */
public record ToolRun(int code, String output) {
    private static final int PATIENCE_SECONDS = 120;

    /** Runs the command to its end; {@code input} is all that its standard input holds. */
    static ToolRun of(
            List<String> command, Path directory, Map<String, String> environment, String input)
            throws LabException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("HOME", directory.toString());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            // A tool that hangs is ended, so that reading its output below ends as well.
            process.onExit()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .whenComplete((ended, late) -> process.destroyForcibly());
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new ToolRun(process.waitFor(), output);
        } catch (IOException e) {
            throw new LabException("cannot run " + command.get(0) + ": " + e.getMessage(), e);
        }
    }
}
