package io.matriarch.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs child processes with a clean environment and reads what they say.
 *
 * <p>A prefix may stand before every command, for a test that runs as root and gives its servers to
 * another user.
 */
final class Commands {
    private static final Logger log = LoggerFactory.getLogger(Commands.class);
    private static final Duration TERM_GRACE = Duration.ofSeconds(10);
    private static final Duration SIGNAL_LIMIT = Duration.ofSeconds(1);
    private static final int KEPT_OUTPUT = 1 << 20;

    private final List<String> prefix;
    private final Executor readers;

    Commands(List<String> prefix, Executor readers) {
        this.prefix = List.copyOf(prefix);
        this.readers = readers;
    }

    /**
     * @param output standard output and error together, at most 1 MB
     */
    record Result(int code, String output) {
        boolean ok() {
            return code == 0;
        }

        /** The last line that says something, for a one-sentence reason. */
        String lastLine() {
            String last = "";
            for (String line : output.split("\n")) {
                last = line.isBlank() ? last : line.strip();
            }
            return last.isEmpty() ? "exit code " + code : last;
        }
    }

    boolean hasPrefix() {
        return !prefix.isEmpty();
    }

    /** A short tool whose output is parsed. It is killed when the time is up. */
    Result run(List<String> words, Map<String, String> environment, Duration limit)
            throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("LC_ALL", "C");
        all.put("LANG", "C");
        return run(words, all, limit, new Cancellation());
    }

    /**
     * A long child. Cancelling ends it and everything that it has started.
     *
     * @return the code is -1 if it was cancelled or the time was up
     */
    Result run(
            List<String> words,
            Map<String, String> environment,
            Duration limit,
            Cancellation cancellation)
            throws IOException {
        return run(words, environment, limit, cancellation, () -> {});
    }

    /**
     * Likewise.
     *
     * @param meanwhile is called again and again until the child has ended
     */
    Result run(
            List<String> words,
            Map<String, String> environment,
            Duration limit,
            Cancellation cancellation,
            Runnable meanwhile)
            throws IOException {
        if (cancellation.cancelled()) {
            return new Result(-1, "cancelled");
        }
        ProcessBuilder builder = builder(words, environment);
        builder.redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        Process process = builder.start();
        CompletableFuture<String> output =
                CompletableFuture.supplyAsync(() -> read(process.getInputStream()), readers);
        int code = await(process, limit, cancellation, meanwhile);
        return new Result(code, text(output));
    }

    /** A builder with the prefix and the clean environment; streams are up to the caller. */
    ProcessBuilder builder(List<String> words, Map<String, String> environment) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(all);
        clean(builder.environment());
        builder.environment().putAll(environment);
        return builder;
    }

    /** Children never see the daemon's settings, which hold passwords, nor its notify socket. */
    static void clean(Map<String, String> environment) {
        environment
                .keySet()
                .removeIf(
                        name ->
                                name.equals("NOTIFY_SOCKET")
                                        || name.startsWith("PATRONI_")
                                        || name.startsWith("MATRIARCH_")
                                        || name.startsWith("KUBERNETES_"));
        String arenas = environment.remove("PG_MALLOC_ARENA_MAX");
        if (arenas != null) {
            environment.put("MALLOC_ARENA_MAX", arenas);
        }
    }

    /**
     * Sends a signal by the shell's own kill, which every system has. Never takes more than a
     * second: whoever kills must not hang on a disk from which the shell cannot be read.
     */
    boolean signal(String name, long pid) {
        List<String> words =
                List.of("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "sh", name, Long.toString(pid));
        CompletableFuture<Boolean> sent =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return run(words, Map.of(), SIGNAL_LIMIT).ok();
                            } catch (IOException e) {
                                log.warn("Cannot send SIG{} to {}: {}", name, pid, e.toString());
                                return false;
                            }
                        },
                        readers);
        try {
            return sent.get(SIGNAL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.warn("SIG{} could not be sent to {} in time: {}", name, pid, e.toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Stops the process first, so that it cannot start others while they are listed. */
    void killTree(ProcessHandle root) {
        signal("STOP", root.pid());
        List<Long> descendants = List.of();
        try {
            descendants = ProcFs.descendants(root.pid());
        } catch (ProcFs.Unreadable e) {
            log.warn("What process {} has started is not known: {}", root.pid(), e.getMessage());
        }
        root.destroyForcibly();
        descendants.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private int await(
            Process process, Duration limit, Cancellation cancellation, Runnable meanwhile) {
        long start = System.nanoTime();
        while (true) {
            meanwhile.run();
            try {
                if (process.waitFor(Cancellation.TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return process.exitValue();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                killTree(process.toHandle());
                return -1;
            }
            boolean late = System.nanoTime() - start > limit.toNanos();
            if (late || cancellation.cancelled()) {
                end(process);
                return -1;
            }
        }
    }

    private void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(TERM_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                killTree(process.toHandle());
                process.waitFor(TERM_GRACE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            killTree(process.toHandle());
        }
    }

    private static String read(InputStream stream) {
        try (stream) {
            java.io.ByteArrayOutputStream kept = new java.io.ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                if (kept.size() < KEPT_OUTPUT) {
                    kept.write(buffer, 0, n);
                }
            }
            return kept.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(output lost: " + e.getMessage() + ")";
        }
    }

    private static String text(CompletableFuture<String> output) {
        try {
            // A grandchild may hold the pipe open for ever; what was said by now is enough.
            return output.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return "(output not complete)";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "(output not complete)";
        }
    }
}
