package io.matriarch.postgres;

import io.matriarch.engine.config.HostPort;
import io.matriarch.engine.config.PostgresParameters;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.PendingChange;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ActionResult;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the server in a role and waits until it takes connections. */
final class Starter {
    private static final Logger log = LoggerFactory.getLogger(Starter.class);
    private static final Duration ORPHANS = Duration.ofSeconds(10);

    private final Instance instance;
    private final ConfigFiles files;
    private final Launcher launcher;

    Starter(Instance instance, ConfigFiles files, Launcher launcher) {
        this.instance = instance;
        this.files = files;
        this.launcher = launcher;
    }

    /**
     * @return succeeded, still starting at the end of the time, failed, or cancelled; a cancelled
     *     start leaves a launched server alone
     */
    ActionResult start(Role role, Recovery recovery, Duration timeout, Cancellation cancellation) {
        if (instance.postmaster().isPresent()) {
            log.error("Cannot start PostgreSQL because one is already running.");
            instance.enter(MemberState.STARTING);
            return awaitReady(timeout, cancellation);
        }
        Optional<String> refusal = refusal();
        if (refusal.isPresent()) {
            return failed(refusal.get());
        }
        try {
            instance.become(role);
            instance.enter(MemberState.STARTING);
            instance.problem("");
            files.writeSignals(recovery);
            files.write(role, recovery);
            Optional<ServerProcess> server =
                    launcher.launch(commandLine(recovery.standby()), cancellation);
            if (server.isEmpty()) {
                return cancellation.cancelled() ? cancelled() : failed(gone());
            }
        } catch (IOException | IllegalArgumentException e) {
            return failed("PostgreSQL could not be started: " + e.getMessage());
        }
        return awaitReady(timeout, cancellation);
    }

    /** One sentence why this server can never start here; empty if nothing speaks against it. */
    Optional<String> refusal() {
        Optional<String> root = rootRefusal(instance);
        if (root.isPresent()) {
            return root;
        }
        int major = instance.directory().major();
        if (major == 0) {
            return Optional.of(
                    "PG_VERSION in "
                            + instance.dataPath()
                            + " cannot be read: this is no complete data directory");
        }
        if (!DataDirectory.supported(major)) {
            return Optional.of(DataDirectory.unsupported(major));
        }
        return removeOrphans();
    }

    static Optional<String> rootRefusal(Instance instance) {
        return ProcFs.ownUser() == 0 && !instance.commands().hasPrefix()
                ? Optional.of(
                        "PostgreSQL cannot be run as root; start the daemon as the user that owns"
                                + " the data directory")
                : Optional.empty();
    }

    /**
     * Backends that outlived a killed postmaster still hold its shared memory and may still write.
     * A whole other server in this directory is not touched.
     */
    private Optional<String> removeOrphans() {
        long end = System.nanoTime() + ORPHANS.toNanos();
        Cancellation wait = new Cancellation();
        while (true) {
            List<ServerProcess> found = instance.processesInDirectory();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            for (ServerProcess process : found) {
                if (!ProcFs.title(process.pid()).startsWith("postgres: ")) {
                    return Optional.of(
                            "Process "
                                    + process.pid()
                                    + " runs PostgreSQL in "
                                    + instance.dataPath()
                                    + " although postmaster.pid does not name it; stop it first");
                }
                log.warn("Killing process {} of a PostgreSQL that has ended", process.pid());
                process.kill();
            }
            if (System.nanoTime() > end) {
                return Optional.of(
                        "Processes of the previous PostgreSQL do not end although killed, for"
                                + " example "
                                + found.get(0).pid());
            }
            wait.tick();
        }
    }

    private List<String> commandLine(boolean standby) {
        Map<String, String> values = new TreeMap<>(files.parameters(instance.role()));
        Map<String, String> larger =
                standby ? StandbyMinimums.larger(values, instance.control()) : Map.of();
        Map<String, PendingChange> pending = new TreeMap<>();
        larger.forEach(
                (name, value) -> {
                    log.info("{} value in pg_control ({}) is larger than configured", name, value);
                    pending.put(name, new PendingChange(value, values.get(name)));
                });
        values.putAll(larger);
        instance.started(pending);
        List<String> words = new ArrayList<>();
        words.add(instance.tool("postgres"));
        words.add("-D");
        words.add(instance.config().dataDir());
        words.add("--config-file=" + files.main());
        words.addAll(PostgresParameters.commandLine(values));
        return words;
    }

    /** The server writes into its lock file when it opens: that is read, not asked for. */
    ActionResult awaitReady(Duration timeout, Cancellation cancellation) {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            Optional<ServerProcess> server = instance.postmaster();
            if (server.isEmpty()) {
                return failed(gone());
            }
            boolean ready =
                    PostmasterFile.read(instance.dataPath())
                            .filter(file -> file.pid() == server.get().pid())
                            .filter(PostmasterFile::ready)
                            .isPresent();
            if (ready) {
                instance.enter(MemberState.RUNNING);
                files.saveBackups();
                return new ActionResult.Succeeded();
            }
            if (System.nanoTime() > end) {
                return new ActionResult.StillStarting();
            }
            if (!cancellation.tick()) {
                return cancelled();
            }
        }
    }

    private static ActionResult cancelled() {
        return new ActionResult.Cancelled();
    }

    private String gone() {
        HostPort listen = instance.config().listen();
        return "postmaster is not running"
                + listen.hosts().stream()
                        .filter(host -> busy(host, listen.port()))
                        .findFirst()
                        .map(
                                host ->
                                        "; port %d of %s is in use by another process"
                                                .formatted(listen.port(), host))
                        .orElse("; PostgreSQL's own log tells why");
    }

    /** Looked at only after the server ended: before it nothing could be said for sure. */
    private static boolean busy(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            InetSocketAddress address =
                    host.equals("*")
                            ? new InetSocketAddress(port)
                            : new InetSocketAddress(host, port);
            socket.bind(address);
            return false;
        } catch (BindException e) {
            // "Cannot assign requested address" is another mistake, which the server's log tells.
            return e.getMessage().contains("in use");
        } catch (IOException e) {
            return false; // an unknown host: likewise
        }
    }

    private ActionResult failed(String reason) {
        log.error("{}", reason);
        instance.enter(MemberState.START_FAILED);
        instance.problem(reason);
        return new ActionResult.Failed(reason);
    }
}
