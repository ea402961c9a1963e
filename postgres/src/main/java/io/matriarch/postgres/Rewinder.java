package io.matriarch.postgres;

import io.matriarch.engine.config.PostgresConfig;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.StopMode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs pg_rewind, but only against a leader that has checkpointed on its timeline. */
final class Rewinder {
    private static final Logger log = LoggerFactory.getLogger(Rewinder.class);
    private static final Duration LIMIT = Duration.ofDays(7);

    private final Instance instance;
    private final ConfigFiles files;
    private final Stopper stopper;
    private final ReadyWal readyWal;

    Rewinder(Instance instance, ConfigFiles files, Stopper stopper, ReadyWal readyWal) {
        this.instance = instance;
        this.files = files;
        this.stopper = stopper;
        this.readyWal = readyWal;
    }

    ActionResult rewind(Member leader, Cancellation cancellation) {
        if (leader.connUrl().isEmpty()) {
            return new ActionResult.NotYet(leader.name() + " publishes no connection URL");
        }
        ActionResult stopped =
                stopper.stop(StopMode.FAST, false, Optional.empty(), p -> {}, cancellation);
        if (!stopped.succeeded()) {
            return stopped;
        }
        readyWal.archive(cancellation);
        Optional<String> wait = notReady(leader);
        if (wait.isPresent()) {
            log.info("{}", wait.get());
            return new ActionResult.NotYet(wait.get());
        }
        try {
            Commands.Result result = run(leader, cancellation);
            log.info("pg_rewind exit code={}", result.code());
            log.info(" output={}", result.output().strip());
            if (result.ok()) {
                return new ActionResult.Succeeded();
            }
            return cancellation.cancelled()
                    ? new ActionResult.Cancelled()
                    : failure(leader, result.lastLine());
        } catch (IOException | IllegalArgumentException e) {
            return new ActionResult.Failed("pg_rewind cannot be run: " + e.getMessage());
        }
    }

    /** Before its checkpoint a new primary's control file still shows the old timeline. */
    private Optional<String> notReady(Member leader) {
        try {
            LeaderProbe.Readiness readiness =
                    new LeaderProbe(instance.config(), leader).readiness();
            return readiness.writable() && readiness.checkpointed()
                    ? Optional.empty()
                    : Optional.of("Waiting for checkpoint on " + leader.name() + " before rewind");
        } catch (SQLException e) {
            return Optional.of(leader.name() + " could not be asked: " + e.getMessage());
        }
    }

    private Commands.Result run(Member leader, Cancellation cancellation) throws IOException {
        PostgresConfig config = instance.config();
        Map<String, String> keys =
                Addresses.remote(config, leader.connUrl().orElseThrow(), Addresses.rewind(config));
        keys.put("target_session_attrs", "read-write");
        Path passwords = Path.of(config.pgpass());
        if (keys.containsKey("password")) {
            instance.files().writePrivate(passwords, PasswordFile.lines(keys));
            keys.remove("password");
        }
        int major = instance.directory().major();
        List<String> words = new ArrayList<>();
        words.add(instance.tool("pg_rewind"));
        words.addAll(restoreOptions(config, major));
        words.add("-D");
        words.add(config.dataDir());
        words.add("--source-server");
        words.add(ConnInfo.write(keys, major));
        words.addAll(config.rewindOptions());
        log.info("running pg_rewind from {}", leader.name());
        Map<String, String> environment = new HashMap<>(instance.staleOwner());
        environment.put("LANG", "C");
        environment.put("LC_ALL", "C");
        environment.put("PGPASSFILE", passwords.toString());
        environment.put("PGOPTIONS", "-c statement_timeout=0");
        return instance.commands().run(words, environment, LIMIT, cancellation);
    }

    /** pg_rewind can fetch missing WAL from the archive, if it finds the configuration. */
    private List<String> restoreOptions(PostgresConfig config, int major) throws IOException {
        boolean sameDirectory = config.configDir().equals(config.dataDir());
        boolean possible = major >= 15 || (major >= 13 && sameDirectory);
        if (!possible || readyWal.setting("restore_command").isEmpty()) {
            return List.of();
        }
        return sameDirectory
                ? List.of("--restore-target-wal")
                : List.of("--restore-target-wal", "--config-file=" + files.main());
    }

    private ActionResult failure(Member leader, String reason) {
        try {
            if (new LeaderProbe(instance.config(), leader).readiness().writable()) {
                return new ActionResult.Failed(
                        "Failed to rewind from healthy primary: " + leader.name() + ": " + reason);
            }
        } catch (SQLException e) {
            log.warn("The leader does not answer after the rewind failed: {}", e.getMessage());
        }
        String why = "Failed to rewind because primary " + leader.name() + " become unreachable";
        log.error("{}: {}", why, reason);
        boolean damaged = instance.controlData().filter(control -> control.rewindable()).isEmpty();
        return damaged ? new ActionResult.Failed(why) : new ActionResult.NotYet(why);
    }
}
