package io.matriarch.dcs.etcd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.conformance.server.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A real DNS server (dnsmasq) on a free port of loopback, which knows one domain. */
final class DnsServer implements AutoCloseable {
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Path program;
    private final String domain;
    private final int port;
    private Optional<Process> process = Optional.empty();

    private DnsServer(Path program, String domain, int port) {
        this.program = program;
        this.domain = domain;
        this.port = port;
    }

    /** It answers nothing before the first {@link #answer}. */
    static DnsServer make(String domain) {
        Optional<Path> program =
                Stream.concat(
                                Stream.of(System.getenv().getOrDefault("PATH", "").split(":")),
                                Stream.of("/usr/sbin"))
                        .map(folder -> Path.of(folder, "dnsmasq"))
                        .filter(Files::isExecutable)
                        .findFirst();
        assumeTrue(
                program.isPresent(),
                "dnsmasq is not on the PATH, so this test was not run;"
                        + " install dnsmasq-base (dev/provision does)");
        try (ServerSocket free = new ServerSocket(0)) {
            return new DnsServer(program.get(), domain, free.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As JNDI wants it. */
    String url() {
        return "dns://127.0.0.1:" + port;
    }

    /** A record that names a port of this machine. */
    static String srv(String service, InetSocketAddress server) {
        return service + "._tcp.%s,localhost," + server.getPort();
    }

    /** Answers with these records from now on, and with no others. */
    void answer(String... records) {
        close();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program.toString(),
                                "--keep-in-foreground",
                                "--conf-file=/dev/null",
                                "--no-resolv",
                                "--no-hosts",
                                "--listen-address=127.0.0.1",
                                "--bind-interfaces",
                                "--port=" + port,
                                "--pid-file=",
                                "--user=" + System.getProperty("user.name"),
                                "--local=/" + domain + "/"));
        for (String record : records) {
            command.add("--srv-host=" + record.formatted(domain));
        }
        try {
            process =
                    Optional.of(
                            new ProcessBuilder(command)
                                    .redirectErrorStream(true)
                                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitListening();
    }

    /** Another process's port can only be polled. */
    private void awaitListening() {
        long end = System.nanoTime() + START_NANOS;
        while (System.nanoTime() - end < 0) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
                return;
            } catch (IOException e) {
                // It is starting still.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
        throw new IllegalStateException("dnsmasq did not start");
    }

    void freeze() {
        signal("-STOP");
    }

    void thaw() {
        signal("-CONT");
    }

    private void signal(String signal) {
        Programs.run(List.of("kill", signal, Long.toString(process.orElseThrow().pid())));
    }

    @Override
    public void close() {
        process.ifPresent(running -> running.destroyForcibly().onExit().join());
        process = Optional.empty();
    }
}
