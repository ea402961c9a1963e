package io.matriarch.faults;

import io.matriarch.lab.Account;
import io.matriarch.lab.Binaries;
import io.matriarch.lab.Children;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.LabPlan;
import io.matriarch.lab.MemberFile;
import io.matriarch.lab.Ports;
import io.matriarch.lab.Scratch;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** One member's configuration file, the real daemon on it, and a store if it is wanted. */
final class Workbench implements AutoCloseable {
    static final String PASSWORD = "right-password";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Account account;
    private final Binaries binaries;
    private final Scratch scratch;
    private final Children children;
    private final Path home;
    private Path launcher;
    private final LabMember member;
    private final int etcdPort;
    private final List<Process> started = new ArrayList<>();

    private Workbench(Account account, Binaries binaries, Path home) throws IOException {
        this.account = account;
        this.binaries = binaries;
        this.scratch = Scratch.create(account);
        this.children = new Children(account, scratch.directory());
        this.home = scratch.readable(home);
        this.launcher = this.home.resolve("bin").resolve("matriarch");
        this.etcdPort = Ports.free(1).get(0);
        this.member = LabMember.direct("node1", etcdPort);
    }

    /** The test is skipped, with the reason, if something that it needs is missing. */
    static Workbench open() throws IOException {
        Path home = Product.home();
        try {
            return new Workbench(Account.choose(), Binaries.find(), home);
        } catch (LabException e) {
            throw new TestAbortedException(e.getMessage(), e);
        }
    }

    LabMember member() {
        return member;
    }

    Path dataDirectory() {
        return scratch.file(member.name());
    }

    Binaries binaries() {
        return binaries;
    }

    Scratch scratch() {
        return scratch;
    }

    /** A file without a mistake. */
    String yaml() {
        String store =
                """
                etcd3:
                  hosts: 127.0.0.1:%d
                  use_proxies: true
                """
                        .formatted(member.storePort());
        return yaml(store);
    }

    /** Likewise, with this section for the store. */
    String yaml(String store) {
        return MemberFile.of(
                LabPlan.three(), member, store, scratch.directory(), binaries.postgres(), PASSWORD);
    }

    /** Starts the daemon on this text. */
    Daemon run(String yaml, String... options) throws IOException, LabException {
        return run(scratch.write("node1.yml", yaml, "rw-------"), options);
    }

    /** Starts the daemon on this file. */
    Daemon run(Path file, String... options) throws LabException {
        List<String> words = new ArrayList<>(List.of("run"));
        words.addAll(List.of(options));
        words.add(file.toString());
        return launch(words.toArray(String[]::new));
    }

    /** Starts the launcher with these words. */
    Daemon launch(String... words) throws LabException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(words));
        Path log = scratch.file("daemon-" + started.size() + ".log");
        return new Daemon(start(command, log), log);
    }

    /**
     * An empty folder of {@code plugins/}. From now on a distribution of this bench's own is run,
     * which has all that the built one has: that one belongs to others too.
     */
    Path plugIn(String name) throws IOException {
        Path own = scratch.file("home");
        Path bin = Files.createDirectories(own.resolve("bin"));
        Files.copy(launcher, bin.resolve("matriarch"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String part : List.of("lib", "dcs", "conformance")) {
            Files.createSymbolicLink(own.resolve(part), home.resolve(part));
        }
        launcher = bin.resolve("matriarch");
        return Files.createDirectories(own.resolve("plugins").resolve(name));
    }

    /** The same, with the rights of this process. */
    Daemon runAsOurselves(String yaml) throws IOException {
        Path file = scratch.write("node1.yml", yaml, "rw-------");
        Path log = scratch.file("daemon-self.log");
        Process process =
                new ProcessBuilder(launcher.toString(), "run", file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        started.add(process);
        return new Daemon(process, log);
    }

    /** A data directory of a server of its own, whose superuser has {@link #PASSWORD}. */
    void initdb() throws IOException, LabException, InterruptedException {
        Path password = scratch.write("pw", PASSWORD + "\n", "rw-------");
        Path log = scratch.file("initdb.log");
        Process process =
                start(
                        List.of(
                                binaries.postgres().resolve("initdb").toString(),
                                "--username=postgres",
                                "--auth=scram-sha-256",
                                "--no-sync",
                                "--pwfile=" + password,
                                dataDirectory().toString()),
                        log);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new LabException("initdb did not succeed: " + Files.readString(log));
        }
    }

    /** A server in this directory, without a daemon. */
    void startServer() throws IOException, LabException, InterruptedException {
        Path log = scratch.file("pg_ctl.log");
        Process process =
                start(
                        List.of(
                                binaries.postgres().resolve("pg_ctl").toString(),
                                "start",
                                "--wait",
                                "--pgdata=" + dataDirectory(),
                                "--log=" + scratch.file("server.log"),
                                "--options=-c listen_addresses=127.0.0.1 -c"
                                        + " unix_socket_directories='' -p "
                                        + member.postgresPort()),
                        log);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new LabException("the server did not start: " + Files.readString(log));
        }
    }

    void startEtcd() throws IOException, LabException, InterruptedException {
        String client = "http://127.0.0.1:" + etcdPort;
        String peer = "http://127.0.0.1:" + Ports.free(1).get(0);
        start(binaries.etcdCommand(scratch.file("etcd"), client, peer), scratch.file("etcd.log"));
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!answers("/v3/maintenance/status")) {
            if (System.nanoTime() - until > 0) {
                throw new LabException("etcd does not answer:\n" + scratch.tail("etcd.log", 20));
            }
            // Another process is being watched: there is nothing to be told by.
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private boolean answers(String path) throws InterruptedException {
        try {
            post(path, "{}");
            return true;
        } catch (IOException e) {
            return false; // not up yet
        }
    }

    /** From now on the store wants the user root with {@link #PASSWORD}. */
    void protectEtcd() throws IOException, InterruptedException {
        post("/v3/auth/user/add", "{\"name\":\"root\",\"password\":\"" + PASSWORD + "\"}");
        post("/v3/auth/role/add", "{\"name\":\"root\"}");
        post("/v3/auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
        post("/v3/auth/enable", "{}");
    }

    /** Writes a key of the cluster. */
    void put(String key, String value) throws IOException, InterruptedException {
        Base64.Encoder base64 = Base64.getEncoder();
        String full = MemberFile.NAMESPACE + MemberFile.SCOPE + "/" + key;
        post(
                "/v3/kv/put",
                "{\"key\":\"%s\",\"value\":\"%s\"}"
                        .formatted(
                                base64.encodeToString(full.getBytes()),
                                base64.encodeToString(value.getBytes())));
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + etcdPort + path))
                        .timeout(PATIENCE)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + " was answered with " + answer.body());
        }
    }

    private Process start(List<String> command, Path log) throws LabException {
        Process process = children.start(command, log);
        started.add(process);
        return process;
    }

    /** Ends what was started, the latest first, and removes the directory. */
    @Override
    public void close() throws IOException {
        children.close();
        for (int i = started.size() - 1; i >= 0; i--) {
            children.end(List.of(started.get(i)), PATIENCE);
        }
        endPostmaster();
        scratch.remove();
    }

    /** A server that its daemon left running, if its directory is ours. */
    private void endPostmaster() throws IOException {
        Path file = dataDirectory().resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(file).get(0).trim());
        Path where = Path.of("/proc", Long.toString(pid), "cwd");
        if (Files.exists(where) && where.toRealPath().equals(dataDirectory().toRealPath())) {
            ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
            server.destroy();
            server.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        }
    }
}
