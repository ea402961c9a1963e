package io.matriarch.dcs.consul;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.conformance.server.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

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
        return onPath ? Programs.onPath("consul").or(this::cached) : cached();
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
}
