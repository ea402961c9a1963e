package io.matriarch.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Every file of a directory with its contents.
 *
 * @param files path to size and hash
 */
record DirectoryImage(Map<String, String> files) {
    static DirectoryImage of(Path directory) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                byte[] bytes = Files.readAllBytes(file);
                files.put(
                        directory.relativize(file).toString(),
                        bytes.length + " " + Arrays.hashCode(bytes));
            }
        }
        return new DirectoryImage(files);
    }
}
