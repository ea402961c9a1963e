package io.matriarch.engine.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.engine.config.CtlConfig;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.PeerStatus;
import io.matriarch.engine.port.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client against sockets that answer as the peer does, or not at all. */
@Timeout(20)
class RestClientTest {
    private static final Duration BUDGET = Duration.ofSeconds(2);
    private final RestClient client = RestClient.ofMember(config());

    @Test
    void readsAnswersOfThePeer() throws Exception {
        try (Peer peer =
                new Peer("HTTP/1.0 200 OK\r\nServer: x\r\nlsn: 17\r\n\r\nAccepted", true)) {
            Answer answer =
                    client.post(peer.url(), "/switchover", "{\"leader\": \"\u00e4\"}", BUDGET);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("Accepted");
            assertThat(answer.header("LSN")).contains("17");
            assertThat(peer.received.get(1, TimeUnit.SECONDS))
                    .startsWith("POST /switchover HTTP/1.1\r\n")
                    .contains("Authorization: Basic YWRtaW46czplIGNyZXQ=\r\n")
                    .containsIgnoringCase("Content-Length: 16\r\n")
                    .contains("User-Agent: Matriarch/");
        }
        try (Peer peer = new Peer("HTTP/1.0 503 Service Unavailable\r\n\r\n", true)) {
            assertThat(client.get(peer.url(), "/replica", BUDGET).status()).isEqualTo(503);
        }
    }

    @Test
    void silenceEndsWithTheBudget() throws Exception {
        for (String begun : new String[] {"", "HTTP/1.0 200 OK\r\n\r\nhalf an ans"}) {
            try (Peer peer = new Peer(begun, false)) {
                long start = System.nanoTime();
                assertThatThrownBy(() -> client.get(peer.url(), "/", Duration.ofMillis(300)))
                        .isInstanceOf(Unreachable.class)
                        .hasMessage(
                                "http://127.0.0.1:"
                                        + peer.port()
                                        + " is not reachable: no answer within 300 ms");
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(1));
            }
        }
    }

    @Test
    void saysWhatIsWrongWithAnAddress() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThatThrownBy(() -> client.get("http://127.0.0.1:" + port + "/x", "/", BUDGET))
                .isInstanceOf(Unreachable.class)
                .hasMessage("http://127.0.0.1:" + port + " is not reachable: connection refused");
        assertThatThrownBy(() -> client.get("nonsense", "/", BUDGET))
                .isInstanceOf(Unreachable.class)
                .hasMessage("\"nonsense\" is no usable address");
        assertThatThrownBy(() -> client.get("ftp://127.0.0.1/x", "/", BUDGET))
                .isInstanceOf(Unreachable.class);
    }

    @Test
    void probesMembersOnTheDecisionLane() throws Exception {
        PeerProbe probe = new PeerProbe(new Direct(), () -> client);
        try (Peer peer =
                new Peer(
                        "HTTP/1.0 200 OK\r\n\r\n{\"state\": \"running\", \"role\": \"replica\","
                                + " \"xlog\": {\"received_location\": 17, \"replayed_location\": 5},"
                                + " \"timeline\": 3, \"tags\": {\"nofailover\": true}}",
                        true)) {
            PeerStatus status = probe(probe, at(peer.url())).orElseThrow();
            assertThat(status.lsn().bytes()).isEqualTo(17);
            assertThat(status.timeline()).isEqualTo(3);
            assertThat(status.tags().nofailover()).isTrue();
            assertThat(status.runningAsPrimary()).isFalse();
        }
        try (Peer peer = new Peer("HTTP/1.0 200 OK\r\n\r\n{\"state\": \"stopped\"}", true)) {
            assertThat(probe(probe, at(peer.url()))).isEmpty();
        }
        assertThat(probe(probe, Member.named("pg9"))).isEmpty();
        assertThat(probe(probe, at("http://127.0.0.1:1/patroni"))).isEmpty();
        assertThat(probe(probe, at("ftp://127.0.0.1:1/patroni"))).isEmpty();
    }

    private static Optional<PeerStatus> probe(PeerProbe probe, Member member) throws Exception {
        CompletableFuture<Optional<PeerStatus>> answer = new CompletableFuture<>();
        probe.probe(member, BUDGET, answer::complete);
        return answer.get(5, TimeUnit.SECONDS);
    }

    private static Member at(String url) {
        Situation situation = Situation.replica();
        situation.members.put("pg9", "{\"api_url\":\"" + url + "\"}");
        return situation.view().members().get("pg9");
    }

    private static CtlConfig config() {
        return new CtlConfig(
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("admin"),
                Optional.of("s:e cret"));
    }

    /** Answers the first connection with one text. */
    private static final class Peer implements AutoCloseable {
        final CompletableFuture<String> received = new CompletableFuture<>();
        private final ServerSocket socket;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Peer(String answer, boolean close) throws IOException {
            socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
            Thread thread = new Thread(() -> serve(answer, close));
            thread.setDaemon(true);
            thread.start();
        }

        private void serve(String answer, boolean close) {
            try (Socket client = socket.accept()) {
                byte[] request = new byte[4096];
                int length = 0;
                // Headers and the short body may come in two pieces.
                while (length == 0 || client.getInputStream().available() > 0) {
                    length +=
                            client.getInputStream().read(request, length, request.length - length);
                    client.setSoTimeout(100);
                    try {
                        length += Math.max(0, client.getInputStream().read(request, length, 1));
                    } catch (java.net.SocketTimeoutException e) {
                        break;
                    }
                }
                received.complete(new String(request, 0, length, StandardCharsets.UTF_8));
                client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                client.getOutputStream().flush();
                if (!close) {
                    done.join();
                }
            } catch (IOException e) {
                received.completeExceptionally(e);
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        String url() {
            return "http://127.0.0.1:" + port() + "/patroni";
        }

        @Override
        public void close() throws IOException {
            done.complete(null);
            socket.close();
        }
    }

    /** A lane that is the caller's own thread. */
    private static final class Direct implements Scheduler {
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
            task.run();
        }

        @Override
        public Cancellable after(Duration delay, Runnable task) {
            throw new UnsupportedOperationException("nothing here waits");
        }
    }
}
