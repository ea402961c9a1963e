package io.matriarch.postgres;

import io.matriarch.engine.config.PostgresConfig;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.PendingChange;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ControlData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one local server: where it lies, what it is, whether it runs. Shared by all lanes of the
 * module; every method may be called from any thread.
 */
final class Instance {
    private static final Logger log = LoggerFactory.getLogger(Instance.class);
    private static final Duration TOOL_LIMIT = Duration.ofSeconds(30);
    private static final long START_TIME_SLACK = 3;

    private final LocalPostgresSetup setup;
    private final Commands commands;
    private final LongSupplier clock;
    private final ServerFiles files;
    private final UnfinishedCopy unfinished = new UnfinishedCopy(this);

    private volatile PostgresConfig config;
    private volatile Optional<ClusterView> view = Optional.empty();
    private volatile boolean paused;

    private Optional<ServerProcess> postmaster = Optional.empty();
    private Optional<Long> lastPid = Optional.empty();
    private Set<ServerProcess> knownChildren = Set.of();
    private MemberState state = MemberState.STOPPED;
    private long stateSince;
    private Role role;
    private String problem = "";
    private Map<String, PendingChange> pendingRestart = Map.of();
    private Map<String, PendingChange> startPending = Map.of();

    private final Object controlLock = new Object();
    private long controlStamp;
    private Map<String, String> control = Map.of();

    /**
     * @param clock monotonic nanoseconds of the engine
     */
    Instance(
            LocalPostgresSetup setup,
            Commands commands,
            PostgresConfig config,
            LongSupplier clock) {
        this.setup = setup;
        this.clock = clock;
        this.stateSince = clock.getAsLong();
        this.commands = commands;
        this.files = new ServerFiles(commands.hasPrefix());
        this.config = config;
        this.role = initialRole();
    }

    private Role initialRole() {
        DataDirectory directory = directory();
        if (directory.empty()) {
            return Role.UNINITIALIZED;
        }
        if (directory.recoveryConfigured()) {
            return Role.REPLICA;
        }
        return postmaster().isPresent() ? Role.PRIMARY : Role.DEMOTED;
    }

    LocalPostgresSetup setup() {
        return setup;
    }

    Commands commands() {
        return commands;
    }

    ServerFiles files() {
        return files;
    }

    PostgresConfig config() {
        return config;
    }

    void configure(PostgresConfig next) {
        config = next;
    }

    Optional<ClusterView> view() {
        return view;
    }

    void saw(Optional<ClusterView> next, boolean pause) {
        next.ifPresent(seen -> view = next);
        paused = pause;
    }

    boolean paused() {
        return paused;
    }

    DataDirectory directory() {
        return new DataDirectory(Path.of(config.dataDir()));
    }

    /** The mark of copies that were never finished. */
    UnfinishedCopy unfinished() {
        return unfinished;
    }

    /** Nothing lies in the data directory but perhaps the rest of an own unfinished copy. */
    boolean vacant() {
        return directory().empty() || (unfinished.leftBehind() && postmaster().isEmpty());
    }

    Path dataPath() {
        return Path.of(config.dataDir());
    }

    /** Path of a PostgreSQL program. */
    String tool(String name) {
        String file = config.binNames().getOrDefault(name, name);
        return config.binDir().isEmpty() ? file : Path.of(config.binDir(), file).toString();
    }

    Commands.Result runTool(String name, List<String> arguments) throws IOException {
        List<String> words = new java.util.ArrayList<>();
        words.add(tool(name));
        words.addAll(arguments);
        return commands.run(words, Map.of("PGDATA", config.dataDir()), TOOL_LIMIT);
    }

    /** The running postmaster. A zombie does not run. */
    synchronized Optional<ServerProcess> postmaster() {
        if (postmaster.filter(server -> server.known() && server.alive()).isPresent()) {
            return postmaster;
        }
        postmaster =
                PostmasterFile.read(dataPath())
                        .filter(file -> !file.singleUser())
                        .flatMap(this::identify);
        postmaster.ifPresent(server -> lastPid = Optional.of(server.pid()));
        return postmaster;
    }

    private synchronized Optional<Long> lastPostmaster() {
        return lastPid;
    }

    /** The server that was just started, before it has written its file. */
    synchronized void launched(ServerProcess process) {
        postmaster = Optional.of(process);
        lastPid = Optional.of(process.pid());
        knownChildren = Set.of();
    }

    synchronized void remember(Set<ServerProcess> children) {
        knownChildren = children;
    }

    synchronized Set<ServerProcess> knownChildren() {
        return knownChildren;
    }

    private Optional<ServerProcess> identify(PostmasterFile file) {
        long own = ProcessHandle.current().pid();
        Optional<ServerProcess> process = ServerProcess.of(file.pid());
        boolean related =
                file.pid() == own
                        || ProcessHandle.current()
                                .parent()
                                .filter(parent -> parent.pid() == file.pid())
                                .isPresent();
        if (process.isEmpty() || related) {
            return Optional.empty();
        }
        boolean sameStart =
                ProcessHandle.of(file.pid())
                        .flatMap(handle -> handle.info().startInstant())
                        .filter(
                                start ->
                                        Math.abs(start.getEpochSecond() - file.startEpoch())
                                                < START_TIME_SLACK)
                        .isPresent();
        return sameStart || looksLikeServer(file.pid()) ? process : Optional.empty();
    }

    /** The start time can differ after a change of the clock; program and directory do not. */
    private boolean looksLikeServer(long pid) {
        boolean program = ProcFs.executable(pid).filter(this::isServerProgram).isPresent();
        return program
                && ProcFs.directory(pid).map(directory -> sameDirectory(directory)).orElse(true);
    }

    boolean isServerProgram(String name) {
        return name.equals("postgres")
                || name.equals("postmaster")
                || name.equals(config.binNames().getOrDefault("postgres", "postgres"));
    }

    private boolean sameDirectory(Path directory) {
        try {
            return directory.equals(dataPath().toRealPath());
        } catch (IOException e) {
            return directory.equals(dataPath()); // the directory is gone: compare its name
        }
    }

    /** Every process of a PostgreSQL program that works in the data directory. */
    List<ServerProcess> processesInDirectory() {
        return ProcFs.all().stream()
                .filter(pid -> ProcFs.directory(pid).filter(this::sameDirectory).isPresent())
                .filter(pid -> ProcFs.executable(pid).filter(this::isServerProgram).isPresent())
                .flatMap(pid -> ServerProcess.of(pid).stream())
                .toList();
    }

    /**
     * The pid of a stale lock file may belong to a process of another kind, or to the zombie of the
     * old postmaster that nobody has reaped yet. A server takes both for the owner of the directory
     * unless this environment tells it. A live server is never denied.
     */
    Map<String, String> staleOwner() {
        // The lock of the socket names the last postmaster even when postmaster.pid is gone.
        return PostmasterFile.read(dataPath())
                .map(PostmasterFile::pid)
                .or(this::lastPostmaster)
                .filter(ProcFs::exists)
                .filter(
                        pid ->
                                processesInDirectory().stream()
                                        .noneMatch(process -> process.pid() == pid))
                .map(pid -> Map.of("PG_GRANDPARENT_PID", Long.toString(pid)))
                .orElse(Map.of());
    }

    /** pg_controldata, read again only when the file has changed; empty if it cannot be read. */
    Map<String, String> control() {
        synchronized (controlLock) {
            return readControl();
        }
    }

    private Map<String, String> readControl() {
        try {
            long stamp =
                    Files.getLastModifiedTime(dataPath().resolve("global/pg_control")).toMillis();
            if (stamp != controlStamp || control.isEmpty()) {
                Commands.Result result = runTool("pg_controldata", List.of(config.dataDir()));
                control = result.ok() ? ControlFile.parse(result.output()) : Map.of();
                controlStamp = stamp;
                if (!result.ok()) {
                    log.warn("pg_controldata failed: {}", result.lastLine());
                }
            }
        } catch (java.nio.file.NoSuchFileException e) {
            control = Map.of();
        } catch (IOException e) {
            log.warn("Cannot read pg_control: {}", e.toString());
            control = Map.of();
        }
        return control;
    }

    Optional<ControlData> controlData() {
        return ControlFile.data(control());
    }

    synchronized MemberState state() {
        return state;
    }

    synchronized long stateSince() {
        return stateSince;
    }

    synchronized void enter(MemberState next) {
        if (next != state) {
            log.debug("State {} -> {}", state.text(), next.text());
            state = next;
            stateSince = clock.getAsLong();
        }
    }

    synchronized Role role() {
        return role;
    }

    synchronized void become(Role next) {
        role = next;
    }

    synchronized String problem() {
        return problem;
    }

    synchronized void problem(String text) {
        problem = text;
    }

    synchronized Map<String, PendingChange> pendingRestart() {
        Map<String, PendingChange> all = new java.util.TreeMap<>(startPending);
        all.putAll(pendingRestart);
        return all;
    }

    synchronized void pendingRestart(Map<String, PendingChange> next) {
        pendingRestart = Map.copyOf(next);
    }

    /** A start forgets what waited for it; what it had to take from pg_control waits on. */
    synchronized void started(Map<String, PendingChange> fromControl) {
        pendingRestart = Map.of();
        startPending = Map.copyOf(fromControl);
    }
}
