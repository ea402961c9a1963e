package io.matriarch.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives what a stopped server has finished but not archived: a rewind would lose it for
 * everyone.
 */
final class ReadyWal {
    private static final Logger log = LoggerFactory.getLogger(ReadyWal.class);
    private static final Pattern READY = Pattern.compile("([0-9A-F]{24}(?:\\.partial)?)\\.ready");
    private static final Pattern PLACEHOLDER = Pattern.compile("%([%pfr])");
    private static final String FIRST_SEGMENT = "000000010000000000000001";
    private static final Duration LIMIT = Duration.ofHours(1);

    private final Instance instance;

    ReadyWal(Instance instance) {
        this.instance = instance;
    }

    void archive(Cancellation cancellation) {
        Path status = instance.dataPath().resolve("pg_wal/archive_status");
        try {
            List<String> segments = ready(status);
            if (segments.isEmpty() || !List.of("on", "always").contains(setting("archive_mode"))) {
                return;
            }
            String command = setting("archive_command");
            for (String segment : segments) {
                if (!command.isEmpty() && !cancellation.cancelled()) {
                    archive(command, segment, status, cancellation);
                }
            }
        } catch (IOException e) {
            log.error("Finished WAL could not be archived: {}", e.toString());
        }
    }

    private static List<String> ready(Path status) throws IOException {
        if (!Files.isDirectory(status)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(status)) {
            return entries.map(entry -> READY.matcher(entry.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(matcher -> matcher.group(1))
                    .sorted()
                    .toList();
        }
    }

    private void archive(String command, String segment, Path status, Cancellation cancellation)
            throws IOException {
        Path file = instance.dataPath().resolve("pg_wal").resolve(segment);
        if (!Files.exists(file)) {
            return;
        }
        String line = fill(command, file.toString(), segment);
        Commands.Result result =
                instance.commands()
                        .run(List.of("/bin/sh", "-c", line), Map.of(), LIMIT, cancellation);
        if (result.ok()) {
            Files.move(status.resolve(segment + ".ready"), status.resolve(segment + ".done"));
        } else {
            log.error("Archiving {} failed: {}", segment, result.lastLine());
        }
    }

    static String fill(String command, String path, String name) {
        return PLACEHOLDER
                .matcher(command)
                .replaceAll(
                        match ->
                                Matcher.quoteReplacement(
                                        switch (match.group(1)) {
                                            case "p" -> path;
                                            case "f" -> name;
                                            case "r" -> FIRST_SEGMENT;
                                            default -> "%";
                                        }));
    }

    /** A parameter as the stopped server would take it; empty text if unknown. */
    String setting(String name) throws IOException {
        Path main =
                Path.of(
                        instance.config().configDir(),
                        instance.config().configBaseName() + ".conf");
        Commands.Result result =
                instance.runTool(
                        "postgres",
                        List.of(
                                "-D",
                                instance.config().dataDir(),
                                "-C",
                                name,
                                "--config-file=" + main));
        return result.ok() ? result.output().trim() : "";
    }
}
