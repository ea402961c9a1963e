package io.matriarch.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the postmaster so that it outlives the daemon: in a session of its own, adopted by init,
 * and with none of its streams connected to the JVM.
 */
final class Launcher {
    private static final Logger log = LoggerFactory.getLogger(Launcher.class);

    /** The shell passes its words on unchanged, tells the pid and ends. */
    private static final String SCRIPT = "umask 077; setsid \"$@\" </dev/null >&2 & echo $!";

    private final Instance instance;
    private final ReentrantLock launching = new ReentrantLock();

    Launcher(Instance instance) {
        this.instance = instance;
    }

    /**
     * Starts it unless the action is cancelled. A fence that cancels first and then takes {@link
     * #settle()} therefore sees every process that was started.
     */
    Optional<ServerProcess> launch(List<String> words, Cancellation cancellation)
            throws IOException {
        launching.lock();
        try {
            if (cancellation.cancelled()) {
                return Optional.empty();
            }
            Optional<ServerProcess> process = start(words);
            process.ifPresent(instance::launched);
            return process;
        } finally {
            launching.unlock();
        }
    }

    /** Waits until no launch is under way, a second at most. */
    void settle() {
        try {
            if (launching.tryLock(1, TimeUnit.SECONDS)) {
                launching.unlock();
            } else {
                log.warn("A start of PostgreSQL hangs; going on without waiting for it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<ServerProcess> start(List<String> words) throws IOException {
        List<String> all = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh"));
        all.addAll(words);
        ProcessBuilder builder = instance.commands().builder(all, instance.staleOwner());
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        builder.redirectError(
                instance.setup()
                        .serverLog()
                        .map(path -> ProcessBuilder.Redirect.appendTo(path.toFile()))
                        .orElse(ProcessBuilder.Redirect.INHERIT));
        Process shell = builder.start();
        String line;
        try (BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(shell.getInputStream(), StandardCharsets.US_ASCII))) {
            line = output.readLine();
        }
        if (line == null) {
            throw new IOException("the launcher of PostgreSQL ended without a process id");
        }
        log.info("postmaster pid={}", line);
        return ServerProcess.of(Long.parseLong(line.trim()));
    }
}
