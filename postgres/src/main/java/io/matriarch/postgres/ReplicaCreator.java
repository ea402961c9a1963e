package io.matriarch.postgres;

import io.matriarch.engine.config.PostgresConfig;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ActionResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fills the data directory from another member, method after method until one succeeds. */
final class ReplicaCreator {
    private static final Logger log = LoggerFactory.getLogger(ReplicaCreator.class);
    private static final Duration LIMIT = Duration.ofDays(30);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 2;
    private static final String BASEBACKUP = "basebackup";
    private static final String TABLESPACES =
            "SELECT pg_catalog.pg_tablespace_location(oid) FROM pg_catalog.pg_tablespace"
                    + " WHERE spcname NOT IN ('pg_default', 'pg_global')";

    private final Instance instance;
    private final ConfigFiles files;

    /** Something was removed or written: what lies there is no longer what it was. */
    private boolean begun;

    ReplicaCreator(Instance instance, ConfigFiles files) {
        this.instance = instance;
        this.files = files;
    }

    /** After success the directory is complete but not configured. */
    ActionResult create(Member source, boolean onlyBaseBackup, Cancellation cancellation) {
        if (source.connUrl().isEmpty()) {
            return new ActionResult.Failed(source.name() + " publishes no connection URL");
        }
        instance.enter(MemberState.CREATING_REPLICA);
        begun = false;
        String reason = "there is no method";
        try {
            Map<String, String> connection = connection(source.connUrl().get());
            for (String method : methods(onlyBaseBackup)) {
                Commands.Result result = attempt(method, connection, cancellation);
                if (cancellation.cancelled()) {
                    break;
                }
                if (result.ok()) {
                    finish();
                    return new ActionResult.Succeeded();
                }
                reason = method + ": " + result.lastLine();
                log.error("Creating the replica failed: {}", result.output().strip());
            }
        } catch (IOException | IllegalArgumentException e) {
            reason = String.valueOf(e.getMessage());
        }
        return abandon(source, reason, cancellation);
    }

    private List<String> methods(boolean onlyBaseBackup) {
        List<String> configured = instance.config().createReplicaMethods();
        return onlyBaseBackup || configured.isEmpty() ? List.of(BASEBACKUP) : configured;
    }

    private Commands.Result attempt(
            String method, Map<String, String> connection, Cancellation cancellation)
            throws IOException {
        return method.equals(BASEBACKUP)
                ? baseBackup(connection, cancellation)
                : custom(method, connection, cancellation);
    }

    private Map<String, String> connection(String url) throws IOException {
        PostgresConfig config = instance.config();
        Map<String, String> keys = Addresses.remote(config, url, config.replication());
        if (keys.containsKey("password")) {
            instance.files().writePrivate(Path.of(config.pgpass()), PasswordFile.lines(keys));
            keys.remove("password");
        }
        return keys;
    }

    private Commands.Result run(List<String> words, Cancellation cancellation) throws IOException {
        Map<String, String> environment = new HashMap<>(instance.unfinished().environment());
        Path file = Path.of(instance.config().pgpass());
        if (Files.exists(file)) {
            environment.put("PGPASSFILE", file.toString());
        }
        return instance.commands()
                .run(words, environment, LIMIT, cancellation, instance.unfinished()::witness);
    }

    private Commands.Result baseBackup(Map<String, String> connection, Cancellation cancellation)
            throws IOException {
        Map<String, String> keys = new LinkedHashMap<>(connection);
        // A base backup is a replication connection: it has no database.
        keys.remove("dbname");
        List<String> words = new ArrayList<>();
        words.add(instance.tool("pg_basebackup"));
        words.add("--pgdata=" + instance.config().dataDir());
        words.add("-X");
        words.add("stream");
        words.add("--dbname=" + ConnInfo.write(keys, DataDirectory.NEWEST_MAJOR));
        words.addAll(instance.config().basebackupOptions());
        Optional<String> unreachable = unreachable(connection);
        if (unreachable.isPresent()) {
            return new Commands.Result(-1, unreachable.get());
        }
        Commands.Result result = new Commands.Result(-1, "cancelled");
        for (int i = 0; i < ATTEMPTS && !cancellation.cancelled(); i++) {
            if (i > 0 && !cancellation.pause(BETWEEN_ATTEMPTS)) {
                break;
            }
            clear();
            instance.unfinished().outside(tablespaces(connection));
            result = run(words, cancellation);
            if (result.ok()) {
                return result;
            }
            log.error("pg_basebackup exited with code={}: {}", result.code(), result.lastLine());
        }
        return result;
    }

    /** Where the copy's tablespaces will lie; pg_basebackup wants these directories empty too. */
    private List<Path> tablespaces(Map<String, String> connection) {
        Map<String, String> keys = new LinkedHashMap<>(connection);
        keys.putAll(Addresses.authentication(instance.config().superuser()));
        List<Path> found = new ArrayList<>();
        try (Connection source = Sql.monitor(keys);
                Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery(TABLESPACES)) {
            while (row.next()) {
                found.add(Path.of(mapped(row.getString(1), instance.config().basebackupOptions())));
            }
        } catch (SQLException e) {
            log.info("The tablespaces of the source are not known: {}", e.getMessage());
        }
        return found;
    }

    /** As the option {@code --tablespace-mapping=OLD=NEW} says. */
    static String mapped(String location, List<String> options) {
        String option = "--tablespace-mapping=" + location.replace("=", "\\=") + "=";
        return options.stream()
                .filter(each -> each.startsWith(option))
                .map(each -> each.substring(option.length()).replace("\\=", "="))
                .findFirst()
                .orElse(location);
    }

    /** An existing directory is not given up for a source that cannot be reached. */
    private Optional<String> unreachable(Map<String, String> connection) {
        if (instance.vacant()) {
            return Optional.empty();
        }
        Map<String, String> keys = new LinkedHashMap<>(connection);
        instance.config().replication().password().ifPresent(p -> keys.put("password", p));
        try (Connection source = Sql.replication(keys)) {
            return source.isClosed() ? Optional.of("the source is closed") : Optional.empty();
        } catch (SQLException e) {
            return Optional.of("the source cannot be reached: " + e.getMessage());
        }
    }

    private Commands.Result custom(
            String method, Map<String, String> connection, Cancellation cancellation)
            throws IOException {
        Map<String, Object> section =
                new LinkedHashMap<>(
                        instance.config().methodSections().getOrDefault(method, Map.of()));
        Object command = section.remove("command");
        boolean keepData = truthy(section.get("keep_data"));
        boolean noParams = truthy(section.get("no_params"));
        if (noParams) {
            section.keySet().removeAll(List.of("no_params", "no_leader", "keep_data"));
        }
        List<String> words =
                new ArrayList<>(ShellWords.split(command == null ? method : command.toString()));
        section.forEach((key, value) -> words.add("--" + key + "=" + argument(value)));
        if (!noParams) {
            words.add("--scope=" + instance.setup().scope());
            words.add("--role=replica");
            words.add("--datadir=" + instance.config().dataDir());
            words.add("--connstring=" + ConnInfo.write(connection, DataDirectory.NEWEST_MAJOR));
        }
        if (keepData) {
            begun = true;
            instance.unfinished().begin(UnfinishedCopy.Work.COPY);
        } else {
            clear();
        }
        return run(words, cancellation);
    }

    /** Booleans look to scripts as they always have. */
    static String argument(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        return String.valueOf(value);
    }

    private static boolean truthy(Object value) {
        return value != null
                && !Boolean.FALSE.equals(value)
                && !value.toString().isEmpty()
                && !value.toString().equalsIgnoreCase("false");
    }

    private void clear() throws IOException {
        begun = true;
        instance.unfinished().begin(UnfinishedCopy.Work.COPY);
        instance.unfinished().clear();
    }

    private void finish() throws IOException {
        files.restoreBackups();
        DataDirectory directory = instance.directory();
        Files.deleteIfExists(directory.path().resolve("promote"));
        directory.removeRecoverySignals();
        instance.unfinished().finished();
        instance.enter(MemberState.STOPPED);
    }

    private ActionResult abandon(Member source, String reason, Cancellation cancellation) {
        String why = "failed to bootstrap from '" + source.name() + "': " + reason;
        try {
            if (begun) {
                clear();
                instance.unfinished().finished();
                instance.become(Role.UNINITIALIZED);
            }
        } catch (IOException e) {
            log.error("The unfinished copy could not be removed: {}", e.toString());
        }
        instance.enter(MemberState.STOPPED);
        if (cancellation.cancelled()) {
            return new ActionResult.Cancelled();
        }
        log.error("{}", why);
        instance.problem(why);
        return new ActionResult.Failed(why);
    }
}
