package io.matriarch.postgres;

import io.matriarch.engine.config.BootstrapConfig;
import io.matriarch.engine.config.PostgresConfig;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.StopMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a new cluster: initdb or the custom method, first start, roles, post_bootstrap. */
final class Bootstrapper {
    private static final Logger log = LoggerFactory.getLogger(Bootstrapper.class);
    private static final Duration LIMIT = Duration.ofDays(7);
    private static final Duration FIRST_START = Duration.ofMinutes(10);
    private static final Pattern MAJOR = Pattern.compile("PostgreSQL\\)? (\\d+)");
    private static final Set<String> NOT_PASSED =
            Set.of(
                    "command",
                    "no_params",
                    "keep_existing_recovery_conf",
                    "recovery_conf",
                    "scope",
                    "datadir");

    private final Instance instance;
    private final ConfigFiles files;
    private final Starter starter;
    private final Stopper stopper;

    Bootstrapper(Instance instance, ConfigFiles files, Starter starter, Stopper stopper) {
        this.instance = instance;
        this.files = files;
        this.starter = starter;
        this.stopper = stopper;
    }

    /** On failure nothing runs and what was made has been renamed to {@code .failed}. */
    ActionResult bootstrap(Cancellation cancellation) {
        ActionResult result = attempt(cancellation);
        if (result instanceof ActionResult.Failed failed) {
            instance.problem(failed.reason());
        }
        return result;
    }

    private ActionResult attempt(Cancellation cancellation) {
        Optional<BootstrapConfig> config = instance.setup().bootstrap().get();
        if (config.isEmpty()) {
            return new ActionResult.Failed(
                    "This member has no bootstrap section, so it makes no new cluster");
        }
        Optional<String> refusal = refusal();
        if (refusal.isPresent()) {
            return new ActionResult.Failed(refusal.get());
        }
        try {
            instance.unfinished().begin(UnfinishedCopy.Work.BOOTSTRAP);
            instance.unfinished().clear();
            create(config.get(), cancellation);
            ActionResult started =
                    starter.start(Role.PRIMARY, Recovery.NONE, FIRST_START, cancellation);
            if (!started.succeeded()) {
                return undo(started);
            }
            afterFirstStart(config.get(), cancellation);
            instance.unfinished().finished();
            return new ActionResult.Succeeded();
        } catch (IOException | SQLException | BootstrapFailure | IllegalArgumentException e) {
            return undo(new ActionResult.Failed(e.getMessage()));
        }
    }

    private Optional<String> refusal() {
        Optional<String> root = Starter.rootRefusal(instance);
        if (root.isPresent()) {
            return root;
        }
        if (!instance.vacant()) {
            return Optional.of(
                    "The data directory " + instance.dataPath() + " is not empty: no bootstrap");
        }
        try {
            Commands.Result version = instance.runTool("postgres", List.of("--version"));
            Matcher matcher = MAJOR.matcher(version.output());
            if (!matcher.find()) {
                return Optional.of("The version of PostgreSQL is unknown: " + version.lastLine());
            }
            int major = Integer.parseInt(matcher.group(1));
            return DataDirectory.supported(major)
                    ? Optional.empty()
                    : Optional.of(DataDirectory.unsupported(major));
        } catch (IOException e) {
            return Optional.of("PostgreSQL cannot be run: " + e.getMessage());
        }
    }

    private void create(BootstrapConfig config, Cancellation cancellation)
            throws IOException, BootstrapFailure {
        boolean custom =
                !config.method().equals("initdb") && config.methodSection().containsKey("command");
        if (custom) {
            instance.enter(MemberState.CUSTOM_BOOTSTRAP);
            check(custom(config, cancellation), MemberState.CUSTOM_BOOTSTRAP_FAILED, cancellation);
            files.restoreBackups();
            instance.directory().removeRecoverySignals();
        } else {
            instance.enter(MemberState.INITDB);
            check(initdb(config, cancellation), MemberState.INITDB_FAILED, cancellation);
        }
        files.appendHba(config.pgHba());
    }

    private void check(Commands.Result result, MemberState failure, Cancellation cancellation)
            throws BootstrapFailure {
        if (cancellation.cancelled()) {
            throw new BootstrapFailure("it was cancelled");
        }
        if (!result.ok()) {
            log.error("{}", result.output().strip());
            instance.enter(failure);
            throw new BootstrapFailure(failure.text() + ": " + result.lastLine());
        }
        log.info("{}", result.output().strip());
    }

    private Commands.Result initdb(BootstrapConfig config, Cancellation cancellation)
            throws IOException {
        PostgresConfig postgres = instance.config();
        List<String> words = new ArrayList<>();
        words.add(instance.tool("initdb"));
        words.addAll(config.initdb());
        postgres.superuser().username().ifPresent(name -> words.add("--username=" + name));
        Optional<String> password = postgres.superuser().password().filter(p -> !p.isEmpty());
        Path passwordFile =
                Path.of(postgres.dataDir())
                        .resolveSibling(instance.dataPath().getFileName() + ".pwfile");
        if (password.isPresent()) {
            instance.files().writePrivate(passwordFile, password.get() + "\n");
            words.add("--pwfile=" + passwordFile);
        }
        words.add(postgres.dataDir());
        try {
            return run(words, cancellation);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
    }

    private Commands.Result custom(BootstrapConfig config, Cancellation cancellation)
            throws IOException {
        Map<String, Object> section = config.methodSection();
        List<String> words = new ArrayList<>(ShellWords.split(section.get("command").toString()));
        if (!Boolean.TRUE.equals(section.get("no_params"))) {
            words.add("--scope=" + instance.setup().scope());
            words.add("--datadir=" + instance.config().dataDir());
        }
        section.forEach(
                (key, value) -> {
                    if (!NOT_PASSED.contains(key)) {
                        words.add("--" + key + "=" + ReplicaCreator.argument(value));
                    }
                });
        return run(words, cancellation);
    }

    private Commands.Result run(List<String> words, Cancellation cancellation) throws IOException {
        UnfinishedCopy unfinished = instance.unfinished();
        return instance.commands()
                .run(words, unfinished.environment(), LIMIT, cancellation, unfinished::witness);
    }

    private void afterFirstStart(BootstrapConfig config, Cancellation cancellation)
            throws SQLException, IOException, BootstrapFailure {
        PostgresConfig postgres = instance.config();
        try (Connection connection =
                Sql.unhurried(Addresses.local(postgres, postgres.superuser()))) {
            Roles.superuser(connection, postgres);
            if (config.postBootstrap().isPresent()) {
                postBootstrap(config.postBootstrap().get(), cancellation);
            }
            Roles.others(connection, postgres);
        }
    }

    private void postBootstrap(String command, Cancellation cancellation)
            throws IOException, BootstrapFailure {
        Map<String, String> keys =
                Addresses.local(instance.config(), instance.config().superuser());
        Path passwords = Path.of(instance.config().pgpass());
        instance.files().writePrivate(passwords, PasswordFile.lines(keys));
        keys.remove("password");
        List<String> words = new ArrayList<>(ShellWords.split(command));
        words.add(ConnInfo.write(keys, instance.directory().major()));
        Commands.Result result =
                instance.commands()
                        .run(
                                words,
                                Map.of(
                                        "PGPASSFILE",
                                        passwords.toString(),
                                        "PGOPTIONS",
                                        "-c synchronous_commit=local -c statement_timeout=0"),
                                LIMIT,
                                cancellation);
        log.info("post_bootstrap: {}", result.output().strip());
        if (!result.ok()) {
            throw new BootstrapFailure("post_bootstrap ended with code " + result.code());
        }
    }

    private ActionResult undo(ActionResult result) {
        log.error("The bootstrap did not succeed: {}", result);
        stopper.stop(
                StopMode.IMMEDIATE, false, Optional.empty(), progress -> {}, new Cancellation());
        try {
            if (Files.exists(instance.dataPath())) {
                instance.directory().moveAside();
            }
            instance.unfinished().finished();
        } catch (IOException e) {
            log.error("The unfinished data directory could not be renamed: {}", e.toString());
        }
        instance.become(Role.UNINITIALIZED);
        return result;
    }

    private static final class BootstrapFailure extends Exception {
        private static final long serialVersionUID = 1L;

        BootstrapFailure(String message) {
            super(message);
        }
    }
}
