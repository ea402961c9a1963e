package io.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.server.LoopbackPorts;
import io.matriarch.engine.config.BootstrapConfig;
import io.matriarch.engine.config.Credentials;
import io.matriarch.engine.config.HostPort;
import io.matriarch.engine.config.PostgresConfig;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.Tags;
import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.PostgresPort;
import io.matriarch.engine.port.Scheduler;
import io.matriarch.engine.port.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** One real member in a scratch directory, driven as the engine would. */
final class Node implements AutoCloseable {
    static final List<String> PREFIX =
            ProcFs.ownUser() == 0
                    ? List.of(
                            "setpriv",
                            "--reuid=postgres",
                            "--regid=postgres",
                            "--clear-groups",
                            "--")
                    : List.of();

    final String name;
    final int port;
    final Path home;
    final Map<String, String> parameters = new HashMap<>();
    final Map<String, String> callbacks = new HashMap<>();
    final List<String> events = Collections.synchronizedList(new ArrayList<>());
    final List<ActionProgress> progress = Collections.synchronizedList(new ArrayList<>());
    boolean useSlots = true;
    boolean useUnixSocket;
    List<String> prefix = PREFIX;
    Optional<String> prePromote = Optional.empty();
    Optional<String> postBootstrap = Optional.empty();
    List<String> copyOptions = List.of("--checkpoint=fast", "--no-sync");
    final Lane lane = new Lane();
    LocalPostgres postgres;

    Node(Path base, String name) throws IOException {
        this.name = name;
        this.port = LoopbackPorts.free(1).get(0);
        this.home = Files.createDirectories(base.resolve(name));
        if (!PREFIX.isEmpty()) {
            var users = home.getFileSystem().getUserPrincipalLookupService();
            Files.setOwner(base, users.lookupPrincipalByName("postgres"));
            Files.setOwner(home, users.lookupPrincipalByName("postgres"));
        }
        parameters.put("unix_socket_directories", home.toString());
        parameters.put("wal_level", "replica");
        parameters.put("hot_standby", "on");
        parameters.put("max_connections", "100");
        parameters.put("max_wal_senders", "10");
        parameters.put("max_replication_slots", "10");
        parameters.put("wal_log_hints", "on");
        parameters.put("wal_keep_size", "128MB");
        open();
    }

    /** Like a new daemon over whatever is there. */
    void open() {
        postgres = new LocalPostgres(setup(), lane, events::add);
    }

    LocalPostgresSetup setup() {
        return new LocalPostgresSetup(
                name,
                "demo",
                document -> config(),
                () -> Optional.of(bootstrap()),
                prefix,
                Optional.of(home.resolve("server.log")));
    }

    static Path binaries() {
        return Path.of(
                Optional.ofNullable(System.getenv("MATRIARCH_TEST_PGBIN"))
                        .orElse("/usr/lib/postgresql/15/bin"));
    }

    Path data() {
        return home.resolve("data");
    }

    private BootstrapConfig bootstrap() {
        return new BootstrapConfig(
                Map.of(),
                "initdb",
                Map.of(),
                List.of("--encoding=UTF8", "--auth=scram-sha-256", "--no-sync"),
                List.of(
                        "host all all 127.0.0.1/32 scram-sha-256",
                        "host replication all 127.0.0.1/32 scram-sha-256"),
                postBootstrap);
    }

    private PostgresConfig config() {
        HostPort address = new HostPort(List.of("127.0.0.1"), port);
        return new PostgresConfig(
                address,
                address,
                Optional.empty(),
                data().toString(),
                data().toString(),
                "postgresql",
                binaries().toString(),
                Map.of(),
                "postgres",
                home.resolve("pgpass").toString(),
                new Credentials(Map.of("username", "postgres", "password", "it's \\secret")),
                new Credentials(Map.of("username", "replicator", "password", "rep:pass")),
                new Credentials(Map.of("username", "rewinder", "password", "rewind")),
                Map.copyOf(parameters),
                Map.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Map.of(),
                Map.copyOf(callbacks),
                prePromote,
                Optional.empty(),
                Duration.ofSeconds(60),
                true,
                List.of(),
                false,
                false,
                useSlots,
                List.of("basebackup"),
                Map.of(),
                copyOptions,
                useUnixSocket);
    }

    ActionResult run(PostgresAction action) {
        return begin(action).orTimeout(60, TimeUnit.SECONDS).join();
    }

    private String serverLog() {
        try {
            String text = Files.readString(home.resolve("server.log"));
            return text.substring(Math.max(0, text.length() - 3000));
        } catch (IOException e) {
            return "(no server log: " + e + ")";
        }
    }

    CompletableFuture<ActionResult> begin(PostgresAction action) {
        CompletableFuture<ActionResult> result = new CompletableFuture<>();
        postgres.start(
                action,
                new PostgresPort.ActionListener() {
                    @Override
                    public void progress(ActionProgress step) {
                        progress.add(step);
                    }

                    @Override
                    public void finished(ActionResult last) {
                        result.complete(last);
                    }
                });
        return result;
    }

    void mustRun(PostgresAction action) {
        assertThat(run(action))
                .as(() -> action.title() + " of " + name + "\n" + serverLog())
                .isInstanceOf(ActionResult.Succeeded.class);
    }

    LocalState observe() {
        CompletableFuture<LocalState> state = new CompletableFuture<>();
        postgres.observe(state::complete);
        return state.orTimeout(15, TimeUnit.SECONDS).join();
    }

    String url() {
        return "postgres://127.0.0.1:" + port + "/postgres";
    }

    Upstream upstream() {
        return new Upstream(name, url());
    }

    Member member(Role role) {
        return member(name, url(), role);
    }

    static Member member(String name, String url, Role role) {
        return new Member(
                name,
                Optional.of(url),
                Optional.empty(),
                "running",
                Optional.of(role),
                Optional.of("4.1.4"),
                Tags.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                true,
                Map.of(),
                Optional.empty(),
                false);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "it's \\secret");
    }

    String sql(String text) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(text)) {
                return "";
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    ServerProcess postmaster() {
        return ServerProcess.of(PostmasterFile.read(data()).orElseThrow().pid()).orElseThrow();
    }

    @Override
    public void close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        postgres.fence(
                io.matriarch.engine.port.StopMode.KILL,
                Duration.ofSeconds(5),
                () -> done.complete(null));
        done.orTimeout(20, TimeUnit.SECONDS).join();
        postgres.close();
        lane.executor.shutdownNow();
    }

    /** The decision lane of the test. */
    static final class Lane implements Scheduler {
        private static final ThreadFactory DAEMON =
                task -> {
                    Thread thread = new Thread(task, "lane");
                    thread.setDaemon(true);
                    return thread;
                };
        private final ScheduledExecutorService executor =
                Executors.newSingleThreadScheduledExecutor(DAEMON);

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Instant wall() {
            return Instant.now();
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(task);
        }

        @Override
        public Cancellable after(Duration delay, Runnable task) {
            ScheduledFuture<?> future =
                    executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        }
    }
}
