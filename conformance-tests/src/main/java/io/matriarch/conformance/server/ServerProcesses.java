package io.matriarch.conformance.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The servers of a store, each a process of its own that a test can kill, freeze, thaw and start
 * again, in a scratch directory with a folder for each. They are numbered from 0. Closing ends them
 * all and removes the directory. For one thread at a time.
 */
public final class ServerProcesses implements AutoCloseable {
    private static final int END_OF_LOG = 2_000;

    /** How a server is started. */
    public interface Launch {
        /**
         * The command line, which must become the server itself, not its parent.
         *
         * @param home the server's own folder, which exists, and keeps what the server left there
         */
        List<String> command(int server, Path home) throws IOException;
    }

    private final Path directory;
    private final Launch launch;
    private final List<Process> processes = new ArrayList<>();

    /**
     * Starts nothing yet.
     *
     * @param name of the store, in the directory's name
     * @throws UncheckedIOException if there is no room for a directory
     */
    public ServerProcesses(String name, Launch launch) {
        this.launch = launch;
        try {
            this.directory = Files.createTempDirectory("matriarch-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The scratch directory. */
    public Path directory() {
        return directory;
    }

    /** A server's own folder. */
    public Path home(int server) {
        return directory.resolve("server" + server);
    }

    /** How many have been started. */
    public int size() {
        return processes.size();
    }

    /** What runs, or ran last. */
    public Process process(int server) {
        return processes.get(server);
    }

    /**
     * Starts the first servers and waits until they serve; ends them all if that fails.
     *
     * @param serving waits, or throws
     */
    public void begin(int servers, Runnable serving) {
        boolean begun = false;
        try {
            for (int server = 0; server < servers; server++) {
                start(server);
            }
            serving.run();
            begun = true;
        } finally {
            if (!begun) {
                close();
            }
        }
    }

    /**
     * Starts the next server, or one that was killed again. Does not wait for it.
     *
     * @throws UncheckedIOException if it cannot be started
     */
    public void start(int server) {
        try {
            Path home = Files.createDirectories(home(server));
            Process process =
                    new ProcessBuilder(launch.command(server, home))
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(logFile(server).toFile()))
                            .start();
            if (server == processes.size()) {
                processes.add(process);
            } else {
                processes.set(server, process);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends a server at once, frozen or not, and waits until it is gone. */
    public void kill(int server) {
        Process process = processes.get(server);
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops a server where it stands; its connections stay. */
    public void freeze(int server) {
        signal("-STOP", server);
    }

    /** Lets a frozen server go on. */
    public void thaw(int server) {
        signal("-CONT", server);
    }

    private void signal(String signal, int server) {
        Programs.run(List.of("kill", signal, Long.toString(processes.get(server).pid())));
    }

    private Path logFile(int server) {
        return home(server).resolve("log");
    }

    /** All that a server has printed, over all its starts. */
    public String log(int server) {
        try {
            return Files.readString(logFile(server));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits for something that only looking at a server can tell.
     *
     * @throws IllegalStateException if it did not come in time, with the end of the server's log
     */
    public void await(int server, String what, Duration patience, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                String log = log(server);
                throw new IllegalStateException(
                        "not "
                                + what
                                + ": "
                                + log.substring(Math.max(0, log.length() - END_OF_LOG)));
            }
            pause();
        }
    }

    /** Another process gives no event to wait for. */
    public static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (int server = 0; server < size(); server++) {
            kill(server);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
