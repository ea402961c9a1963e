package io.matriarch.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A daemon that runs on a bad input, and what it says. */
record Daemon(Process process, Path log) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Waits for its end by itself. */
    int exitCode() throws InterruptedException, IOException {
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(ended).as("it ends by itself; it said:\n" + text()).isTrue();
        return process.exitValue();
    }

    /** Tells it to end, as a service manager does. */
    int exitCodeOnTerm() throws InterruptedException, IOException {
        process.destroy();
        return exitCode();
    }

    void awaitLine(String part) {
        Awaitility.await("a line with '" + part + "'")
                .atMost(PATIENCE)
                .until(() -> !lines(part).isEmpty());
    }

    String text() throws IOException {
        return Files.readString(log);
    }

    List<String> lines(String part) throws IOException {
        return text().lines().filter(line -> line.contains(part)).toList();
    }

    /** The last words of a daemon that cannot go on: one line of its own. */
    void assertSaid(String... parts) throws IOException {
        List<String> sentences =
                text().lines().filter(line -> line.startsWith("matriarch: ")).toList();
        assertThat(sentences).as(text()).hasSize(1);
        assertThat(sentences.get(0)).contains(parts);
        assertNoStackTrace();
    }

    void assertNoStackTrace() throws IOException {
        assertThat(text().lines())
                .as("nobody has to read a stack trace")
                .noneMatch(line -> line.startsWith("\tat ") || line.contains("Exception: "));
    }
}
