package io.matriarch.lab;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The processes that the lab started. Each is ended by its own id; nothing is looked up by name.
 * Safe for use by any thread.
 *
 * <p>Start children from a thread that lives as long as the lab: the kernel ends them when the
 * thread that started them ends.
 */
public final class Children {
    /** A killed process is gone at once, unless the kernel waits for its disk. */
    private static final int KILL_SECONDS = 10;

    private final Account account;
    private final Path directory;
    private final List<Process> running = new ArrayList<>();
    private boolean closed;

    public Children(Account account, Path directory) {
        this.account = account;
        this.directory = directory;
    }

    /** Starts a command whose output goes to {@code log}. */
    public Process start(List<String> command, Path log) throws LabException {
        return start(command, log, Map.of());
    }

    /** Likewise, with more environment variables than this process has. */
    synchronized Process start(List<String> command, Path log, Map<String, String> environment)
            throws LabException {
        if (closed) {
            throw new LabException("the lab is ending");
        }
        ProcessBuilder builder =
                new ProcessBuilder(account.command(command))
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("HOME", directory.toString());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            running.add(process);
            return process;
        } catch (IOException e) {
            throw new LabException("cannot start " + command.get(0) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Asks the processes to end, waits, then kills what is left with all that descends from it.
     * PostgreSQL's postmaster may have been given to another parent, so descendants are noted
     * first.
     */
    public void end(List<Process> processes, Duration patience) {
        Set<ProcessHandle> all = new HashSet<>();
        for (Process process : processes) {
            process.descendants().forEach(all::add);
            all.add(process.toHandle());
            process.destroy();
        }
        long until = System.nanoTime() + patience.toNanos();
        for (Process process : processes) {
            if (!endsBefore(process, until)) {
                process.descendants().forEach(all::add);
                process.destroyForcibly();
            }
        }
        all.forEach(ProcessHandle::destroyForcibly);
        CompletableFuture.allOf(
                        all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, KILL_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** No child is started after this; all that run are returned, the latest first. */
    public synchronized List<Process> close() {
        closed = true;
        List<Process> latestFirst = new ArrayList<>(running);
        java.util.Collections.reverse(latestFirst);
        return latestFirst;
    }

    private static boolean endsBefore(Process process, long until) {
        try {
            return process.waitFor(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Ending goes on without patience; the thread keeps its mark.
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
