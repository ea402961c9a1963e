package com.example.matriarch.sql;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.spi.Section;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server on a free port of the loopback, ended with this process. */
final class ScratchServer {
    private static final String PASSWORD = "right";
    private static Optional<ScratchServer> shared = Optional.empty();

    private final Path bin;
    private final Path data;
    private final int port;

    private ScratchServer(Path bin, Path data, int port) {
        this.bin = bin;
        this.data = data;
        this.port = port;
    }

    /** Skips the test where PostgreSQL is not installed. */
    static synchronized ScratchServer shared() {
        if (shared.isEmpty()) {
            Optional<Path> bin = installed();
            assumeTrue(bin.isPresent(), "PostgreSQL is not installed: set -Dpostgres.bin=FOLDER");
            shared = Optional.of(launch(bin.get()));
        }
        return shared.get();
    }

    private static Optional<Path> installed() {
        Stream<Path> wanted =
                Stream.of(System.getProperty("postgres.bin", "/usr/bin")).map(Path::of);
        Path packaged = Path.of("/usr/lib/postgresql");
        List<Path> places = new ArrayList<>(wanted.toList());
        if (Files.isDirectory(packaged)) {
            try (Stream<Path> versions = Files.list(packaged)) {
                versions.sorted(Comparator.reverseOrder())
                        .map(version -> version.resolve("bin"))
                        .forEach(places::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return places.stream().filter(p -> Files.isExecutable(p.resolve("initdb"))).findFirst();
    }

    private static ScratchServer launch(Path bin) {
        try {
            Path folder = Files.createTempDirectory("sql-plugin");
            Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
            ScratchServer server = new ScratchServer(bin, folder.resolve("data"), freePort());
            if (isRoot()) {
                server.run(List.of("chown", "-R", "postgres", folder.toString()));
            }
            server.asServer(
                    "initdb", "-U", "postgres", "-A", "scram-sha-256", "--no-sync",
                    "-E", "UTF8", "--pwfile=" + password, "-D", server.data.toString());
            server.start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::remove));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    Section section() {
        return section(PASSWORD);
    }

    Section section(String password) {
        return new Section(
                "sql",
                Map.of("hosts", "127.0.0.1:" + port, "user", "postgres", "password", password));
    }

    void start() {
        String options =
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
                        + " -c max_connections=300 -c fsync=off";
        pgCtl("start", "-o", options, "-l", data.resolveSibling("log").toString());
    }

    /** At once, without a shutdown checkpoint: as a crash does. */
    void stop() {
        pgCtl("stop", "-m", "immediate");
    }

    private void pgCtl(String... words) {
        List<String> all = new ArrayList<>(List.of("-D", data.toString(), "-w"));
        all.addAll(List.of(words));
        asServer("pg_ctl", all.toArray(String[]::new));
    }

    /** To the postmaster first, so that it starts no further process, and then to its children. */
    void signal(String name) {
        try {
            long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0));
            run(List.of("kill", name, Long.toString(pid)));
            // A child that ended meanwhile needs no signal.
            ProcessHandle.of(pid).stream()
                    .flatMap(ProcessHandle::children)
                    .forEach(child -> exitCode(List.of("kill", name, "" + child.pid())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove() {
        signal("-CONT");
        stop();
        exitCode(List.of("rm", "-rf", data.getParent().toString()));
    }

    String version() {
        return query("SHOW server_version", row -> "PostgreSQL " + row.getString(1));
    }

    int number(String sql) {
        return query(sql, row -> row.getInt(1));
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> T query(String sql, Reading<T> reading) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return reading.of(row);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    void update(String sql, Object... values) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int n = 0; n < values.length; n++) {
                statement.setObject(n + 1, values[n]);
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", PASSWORD);
    }

    /** The server refuses to run as root. */
    private void asServer(String program, String... words) {
        try {
            List<String> command = new ArrayList<>();
            if (isRoot()) {
                command.addAll(
                        List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
            }
            command.add(bin.resolve(program).toString());
            command.addAll(List.of(words));
            run(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(List<String> command) {
        if (exitCode(command) != 0) {
            throw new IllegalStateException("failed: " + String.join(" ", command));
        }
    }

    private static int exitCode(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("does not end: " + String.join(" ", command));
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
