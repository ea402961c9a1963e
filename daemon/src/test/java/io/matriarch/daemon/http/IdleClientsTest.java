package io.matriarch.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.port.MemberControl.Reply;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clients that send nothing, or too slowly, take nobody's turn and are cut off in time. */
@Timeout(60)
class IdleClientsTest {
    private static final Logger LOG = LoggerFactory.getLogger(IdleClientsTest.class);
    private static final Limits SHORT =
            new Limits(
                    Duration.ofMillis(400),
                    Duration.ofMillis(600),
                    Duration.ofMillis(500),
                    Duration.ofMillis(500));
    private static final String BEGUN = "GET /primary HTTP/1.1\r\nHost: x\r\n";
    private static final String BODYLESS =
            "POST /restart HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{";

    @TempDir Path dir;

    @Test
    void aThousandIdleConnectionsCostNobodyATurn() throws IOException {
        try (Api api = new Api()) {
            assertThat(slowestWith(api.port(), 1000, "")).isLessThan(500);
            assertThat(slowestWith(api.port(), 1000, BEGUN)).isLessThan(500);
            assertThat(slowestWith(api.port(), 200, BODYLESS)).isLessThan(500);
        }
    }

    /** The slowest of 50 checks in milliseconds, on a connection of its own each. */
    private static long slowestWith(int port, int idle, String sent) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < idle; i++) {
                Socket socket = RawHttp.connect(port);
                sockets.add(socket);
                socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
            }
            long slowest = 0;
            for (int i = 0; i < 50; i++) {
                long start = System.nanoTime();
                assertThat(RawHttp.send(port, "HEAD /primary HTTP/1.0\r\n\r\n"))
                        .startsWith("HTTP/1.");
                slowest = Math.max(slowest, System.nanoTime() - start);
            }
            LOG.info(
                    "{} connections that sent \"{}\": slowest check {} us",
                    idle,
                    sent,
                    slowest / 1000);
            return TimeUnit.NANOSECONDS.toMillis(slowest);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET", BEGUN, BODYLESS})
    void aSilentClientIsCutOff(String sent) throws IOException {
        try (Api api = new Api(Api.plain(), SHORT);
                Socket socket = RawHttp.connect(api.port())) {
            assertThat(secondsUntilClosed(socket, sent)).isLessThan(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /primary HTTP/1.1\r\nX-Long: ", BODYLESS})
    void aClientThatDripsIsCutOff(String sent) throws IOException {
        try (Api api = new Api(Api.plain(), SHORT);
                Socket socket = RawHttp.connect(api.port())) {
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
            long start = System.nanoTime();
            assertThat(drip(socket)).isTrue();
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(3));
        }
    }

    /** Sends a byte every 50 ms (the pause is what is tested); true when the server hung up. */
    private static boolean drip(Socket socket) throws IOException {
        socket.setSoTimeout(50);
        for (int i = 0; i < 80; i++) {
            try {
                socket.getOutputStream().write('x');
                if (socket.getInputStream().read() < 0) {
                    return true;
                }
            } catch (SocketTimeoutException e) {
                continue;
            } catch (IOException e) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aClientThatNeverShakesHandsIsCutOff() throws Exception {
        Api.Settings settings = Certificates.in(dir).settings();
        try (Api api = new Api(settings.config(), SHORT)) {
            for (String sent : List.of("", "\u0016\u0003\u0001\u0002\u0000\u0001")) {
                try (Socket socket = RawHttp.connect(api.port())) {
                    assertThat(secondsUntilClosed(socket, sent)).isLessThan(3);
                }
            }
        }
    }

    @Test
    void aLongRestartIsNotCutOff() throws Exception {
        try (Api api = new Api(Api.plain(), SHORT)) {
            CompletableFuture<String> running = api.start("POST", "/restart", "{}");
            CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS)
                    .execute(
                            () ->
                                    api.member.restart.complete(
                                            new Reply(200, "restarted successfully")));
            assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo("200 restarted successfully");
        }
    }

    private static double secondsUntilClosed(Socket socket, String sent) throws IOException {
        long start = System.nanoTime();
        socket.setSoTimeout(5000);
        socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
        Optional<Integer> last = Optional.empty();
        try {
            do {
                last = Optional.of(socket.getInputStream().read());
            } while (last.get() >= 0);
        } catch (SocketTimeoutException e) {
            return Double.MAX_VALUE;
        } catch (java.net.SocketException e) {
            // A reset hangs up too.
            last = Optional.of(-1);
        }
        assertThat(last).contains(-1);
        return (System.nanoTime() - start) / 1e9;
    }
}
