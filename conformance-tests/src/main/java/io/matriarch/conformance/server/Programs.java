package io.matriarch.conformance.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that a test runs to their end. */
public final class Programs {
    private Programs() {}

    /** Where a program lies on the PATH. */
    public static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Skips the test unless a program is on the PATH.
     *
     * @param remedy what to do about it, such as "install etcd-client"
     */
    public static void assumeInstalled(String program, String remedy) {
        assumeTrue(
                onPath(program).isPresent(),
                program + " is not on the PATH, so this test was not run; " + remedy);
    }

    /** As {@link #run(List, String)}, without input. */
    public static String run(List<String> command) {
        return run(command, "");
    }

    /**
     * Runs a program to its end, however long that takes, and gives what it printed.
     *
     * @param input what it reads
     * @throws IllegalStateException if it says that it failed, with what it printed
     * @throws UncheckedIOException if it cannot be started
     */
    public static String run(List<String> command, String input) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (OutputStream out = process.getOutputStream()) {
                out.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
