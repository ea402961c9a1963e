package io.matriarch.dcs.consul;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The servers that the tests run, as {@code dev/consul} puts them into the cache. */
enum ConsulBinary {
    /** The one on the PATH, or else the pinned one. */
    CURRENT("consul-v1.22.5", true),
    /** What Debian 11 ships. */
    DEBIAN("consul-1.8.7", false);

    private final String file;
    private final boolean onPath;

    ConsulBinary(String file, boolean onPath) {
        this.file = file;
        this.onPath = onPath;
    }

    /** The current one, which takes long to make, or else the other. */
    static ConsulBinary newest() {
        return CURRENT.find().isPresent() ? CURRENT : DEBIAN;
    }

    /** Skips the test unless this server is at hand. */
    Path require() {
        Optional<Path> found = find();
        assumeTrue(
                found.isPresent(),
                () -> file + " is not there, so this test was not run; dev/consul makes it");
        return found.orElseThrow();
    }

    private Optional<Path> find() {
        return onPath ? onPath("consul").or(this::cached) : cached();
    }

    private Optional<Path> cached() {
        Path home = Path.of(System.getProperty("user.home"), ".cache");
        Path cache =
                Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                        .filter(path -> !path.isEmpty())
                        .map(Path::of)
                        .orElse(home);
        return Optional.of(cache.resolve("matriarch").resolve(file)).filter(Files::isExecutable);
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static void assumeInstalled(String program) {
        assumeTrue(
                onPath(program).isPresent(),
                program
                        + " is not on the PATH, so this test was not run; dev/provision installs it");
    }

    static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
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
