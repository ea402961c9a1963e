package io.matriarch.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.matriarch.conformance.Opening;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Section;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of each HTTP code. A server that answers by a script: a real one can be made to give
 * few of them, and those are tested on it.
 */
class CallsTest {
    /**
     * One answer of the server.
     *
     * @param code 0 for none at all
     */
    private record Answer(int code, String retryAfter) {}

    private static final String PATH = "/api/v1/x";

    @TempDir Path folder;

    private final Deque<Answer> script = new ArrayDeque<>();
    private int asked;
    private HttpServer server;
    private Wire wire;
    private Calls calls;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        Path file = folder.resolve("config");
        Files.writeString(
                file,
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: x, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: x, user: {token: x}}]
                contexts: [{name: x, context: {cluster: x, user: x}}]
                current-context: x
                """
                        .formatted(server.getAddress().getPort()));
        Section section = new Section("kubernetes", Opened.section(Map.of()));
        wire =
                new Wire(
                        new Access(
                                KubernetesSettings.of(section, "batman"),
                                new Surroundings(
                                        Map.of("KUBECONFIG", file.toString()), folder, folder)));
        calls =
                new Calls(
                        wire, new Servers(() -> Server.configured(wire.configured())), Set.of(418));
    }

    @AfterEach
    void stop() {
        calls.close();
        wire.close();
        server.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        asked++;
        Answer next = script.isEmpty() ? new Answer(200, "") : script.poll();
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            if (next.code() == 0) {
                // Closing without an answer: the reply is lost.
                return;
            }
            if (!next.retryAfter().isEmpty()) {
                exchange.getResponseHeaders().add("Retry-After", next.retryAfter());
            }
            byte[] body = "{\"message\":\"as scripted\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(next.code(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private synchronized void script(int... codes) {
        for (int code : codes) {
            script.add(new Answer(code, ""));
        }
    }

    private synchronized int asked() {
        return asked;
    }

    private static Deadline within(double seconds) {
        return Opening.within(seconds);
    }

    private Reply write(double seconds) {
        return calls.call(ApiRequest.patch("writing", PATH, Json.object()), within(seconds));
    }

    @Test
    void whatBlamesTheRequestIsTheCallersMatter() {
        for (int code : new int[] {400, 404, 409, 413, 422}) {
            script(code);
            Reply reply = write(5);
            assertThat(reply.is(code)).isTrue();
            assertThat(reply.doubtful()).isFalse();
            assertThat(reply.message()).isEqualTo("as scripted");
        }
        assertThat(asked()).isEqualTo(5);
    }

    @Test
    void whatIsNoAnswerIsRepeatedAndRemembered() {
        script(500, 503, 504, 409);
        Reply reply = write(5);
        assertThat(reply.is(Reply.CONFLICT)).isTrue();
        assertThat(reply.doubtful()).isTrue();
        // Turned away before anything was done.
        script(429, 418, 409);
        assertThat(write(5).doubtful()).isFalse();
        assertThat(asked()).isEqualTo(7);
    }

    @Test
    void aLostReplyLeavesAWriteInDoubtAndNoRead() {
        script(0, 200);
        assertThat(write(5).doubtful()).isTrue();
        script(0, 200);
        assertThat(calls.call(ApiRequest.get("reading", PATH), within(5)).doubtful()).isFalse();
        script(503, 503, 503, 503, 503, 503, 503, 503, 503, 503);
        assertThatThrownBy(() -> write(0.3)).isInstanceOf(DcsException.OutcomeUnknown.class);
        assertThatThrownBy(() -> calls.call(ApiRequest.get("reading", PATH), within(0.2)))
                .isInstanceOf(DcsException.NotApplied.class)
                .hasMessageContaining("reading: no answer from the Kubernetes API at [http")
                .hasMessageContaining("as scripted");
    }

    @Test
    void theServerSaysWhenToAskAgain() {
        synchronized (this) {
            script.add(new Answer(409, "1"));
        }
        long begun = System.nanoTime();
        assertThat(write(5).good()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(asked()).isEqualTo(2);
    }

    /** After the first 403 the server is asked whether it is ready. */
    @Test
    void aMissingRightIsBorneWithOnlyWhereItMustBe() {
        script(403, 200, 403);
        assertThatThrownBy(() -> write(5))
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining("forbids writing");
        assertThat(asked()).isEqualTo(3);
        ApiRequest request = ApiRequest.patch("renewing", PATH, Json.object());
        script(403, 200, 403, 403, 200);
        assertThat(calls.patiently(request, within(5)).good()).isTrue();
        assertThat(asked()).isEqualTo(8);
        script(403, 200, 403, 403, 403, 403, 403, 403, 403, 403);
        assertThatThrownBy(() -> calls.patiently(request, within(1)))
                .isInstanceOf(DcsException.Misconfigured.class);
    }

    @Test
    void aServerThatHasJustStartedForbidsNothingYet() {
        script(403, 403, 403, 500, 403, 200, 200);
        Reply reply = write(5);
        assertThat(reply.good()).isTrue();
        assertThat(reply.doubtful()).isFalse();
        assertThat(asked()).isEqualTo(7);
        script(403, 500, 403, 500, 403, 500, 403, 500, 403, 500, 403, 500);
        // Ends in the long pause after the fifth try, not in a try, which would leave a doubt.
        assertThatThrownBy(() -> write(1))
                .isInstanceOf(DcsException.NotApplied.class)
                .hasMessageContaining("as scripted");
    }

    @Test
    void refusedCredentialsAreReadAgainOnce() {
        script(401, 200);
        assertThat(write(5).good()).isTrue();
        // The client library asks once more by itself, with a token that it renewed.
        script(401, 401, 401, 401);
        assertThatThrownBy(() -> write(5))
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining("refused the credentials");
    }

    /** Each client has threads and sockets, which live on for a while. */
    @Test
    void credentialsThatAreRefusedAllTheTimeCostNoNewClients() throws IOException {
        assertThat(write(5).good()).isTrue();
        wire.doubt();
        wire.doubt();
        assertThat(wire.generation()).isZero();
        Files.setLastModifiedTime(folder.resolve("config"), FileTime.fromMillis(1_000_000));
        wire.doubt();
        assertThat(wire.generation()).isEqualTo(1);
        assertThat(write(5).good()).isTrue();
    }

    @Test
    void nothingIsSentAfterTheDeadline() {
        assertThatThrownBy(() -> write(0)).isInstanceOf(DcsException.NotApplied.class);
        assertThat(asked()).isZero();
    }
}
