package io.matriarch.lab;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Where this machine has the programs of stores. */
final class Installed {
    private Installed() {}

    static Optional<Path> onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The one on the PATH, or else the newest that the scripts in {@code dev/} made. */
    static Path program(String name, String script) throws LabException {
        return onPath(name)
                .or(() -> cached(name))
                .orElseThrow(
                        () ->
                                new LabException(
                                        "no "
                                                + name
                                                + " found; put one on the PATH, or let "
                                                + script
                                                + " of the source tree make one"));
    }

    private static Optional<Path> cached(String name) {
        Path cache =
                Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                        .filter(path -> !path.isEmpty())
                        .map(Path::of)
                        .orElse(Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("matriarch");
        try (Stream<Path> files = Files.list(cache)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name + "-v"))
                    .filter(Files::isRegularFile)
                    .filter(Files::isExecutable)
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            return Optional.empty(); // no cache: nothing was made yet
        }
    }
}
