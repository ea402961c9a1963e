package io.matriarch.postgres;

import io.matriarch.engine.port.ActionResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recovers a crashed server in single-user mode, so that its WAL has a clean end. */
final class CrashRecoverer {
    private static final Logger log = LoggerFactory.getLogger(CrashRecoverer.class);
    private static final Duration LIMIT = Duration.ofDays(7);

    private final Instance instance;
    private final Starter starter;
    private final ReadyWal readyWal;

    CrashRecoverer(Instance instance, Starter starter, ReadyWal readyWal) {
        this.instance = instance;
        this.starter = starter;
        this.readyWal = readyWal;
    }

    ActionResult recover(Cancellation cancellation) {
        if (instance.postmaster().isPresent()) {
            return new ActionResult.Failed("PostgreSQL is running: no crash recovery");
        }
        Optional<String> refusal = starter.refusal();
        if (refusal.isPresent()) {
            return new ActionResult.Failed(refusal.get());
        }
        DataDirectory directory = instance.directory();
        if (directory.restoredCopy()) {
            return new ActionResult.Failed(
                    "backup_label exists: this is a restored copy, which only a start can recover");
        }
        log.info("pg_controldata:");
        instance.control().forEach((name, value) -> log.info("  {}: {}", name, value));
        readyWal.archive(cancellation);
        try {
            emptyArchiveStatus();
            List<String> words = command();
            directory.removeRecoverySignals();
            Commands.Result result =
                    instance.commands().run(words, instance.staleOwner(), LIMIT, cancellation);
            if (cancellation.cancelled()) {
                return new ActionResult.Cancelled();
            }
            if (!result.ok()) {
                log.error("Crash recovery finished with code={}", result.code());
                log.error(" output={}", result.output().strip());
                return new ActionResult.Failed("crash recovery failed: " + result.lastLine());
            }
            return new ActionResult.Succeeded();
        } catch (IOException e) {
            return new ActionResult.Failed("crash recovery cannot be run: " + e.getMessage());
        }
    }

    private void emptyArchiveStatus() throws IOException {
        Path status = instance.dataPath().resolve("pg_wal/archive_status");
        if (!Files.isDirectory(status)) {
            return;
        }
        try (Stream<Path> entries = Files.list(status)) {
            for (Path entry : entries.toList()) {
                Files.deleteIfExists(entry);
            }
        }
    }

    private List<String> command() throws IOException {
        List<String> words = new ArrayList<>();
        words.add(instance.tool("postgres"));
        words.add("--single");
        words.add("-D");
        words.add(instance.config().dataDir());
        Optional<String> used = ServerFiles.read(instance.dataPath().resolve("postmaster.opts"));
        options(used.orElse(""))
                .forEach(
                        (name, value) -> {
                            words.add("-c");
                            words.add(name + "=" + value);
                        });
        words.add("template1");
        return words;
    }

    /** What the last start was given; archiving on but failing keeps all WAL where it is. */
    static Map<String, String> options(String postmasterOpts) {
        Map<String, String> options = new TreeMap<>();
        String line = postmasterOpts.lines().findFirst().orElse("");
        for (String word : ShellWords.split(line)) {
            int equals = word.indexOf('=');
            if (word.startsWith("--") && equals > 2) {
                options.put(
                        word.substring(2, equals).replace('-', '_'), word.substring(equals + 1));
            }
        }
        options.put("archive_mode", "on");
        options.put("archive_command", "false");
        return options;
    }
}
