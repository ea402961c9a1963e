package io.matriarch.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code postmaster.pid} says.
 *
 * @param pid of the server process
 * @param singleUser a single-user backend holds the directory
 * @param startEpoch seconds, as the server wrote them; 0 if unreadable
 * @param status {@code starting}, {@code ready}, {@code standby} (up, but closed to queries),
 *     {@code stopping}; empty until it is written
 */
record PostmasterFile(long pid, boolean singleUser, long startEpoch, String status) {
    private static final Logger log = LoggerFactory.getLogger(PostmasterFile.class);
    private static final int STATUS_LINE = 7;

    static Optional<PostmasterFile> read(Path dataDirectory) {
        try {
            return parse(Files.readAllLines(dataDirectory.resolve("postmaster.pid")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            log.warn("Cannot read postmaster.pid: {}", e.toString());
            return Optional.empty();
        }
    }

    static Optional<PostmasterFile> parse(List<String> lines) {
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        Optional<Long> pid = number(lines.get(0));
        return pid.filter(value -> value != 0)
                .map(
                        value ->
                                new PostmasterFile(
                                        Math.abs(value),
                                        value < 0,
                                        lines.size() > 2 ? number(lines.get(2)).orElse(0L) : 0,
                                        lines.size() > STATUS_LINE
                                                ? lines.get(STATUS_LINE).trim()
                                                : ""));
    }

    boolean ready() {
        return status.equals("ready");
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text.trim()));
        } catch (NumberFormatException e) {
            return Optional.empty(); // half written or garbage: says nothing
        }
    }
}
