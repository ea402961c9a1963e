package io.matriarch.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.memory.MemoryGate;
import io.matriarch.conformance.server.LoopbackPorts;
import io.matriarch.engine.codec.Json;
import io.matriarch.engine.port.MemberControl.Reply;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server as its clients meet it, on a socket of the loopback. */
@Timeout(30)
class RestServerTest {
    private Api api;

    @BeforeEach
    void open() throws IOException {
        api = new Api().threeMembers();
    }

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "GET, /, 200",
        "GET, /primary, 200",
        "GET, /leader?x=y, 200",
        "GET, /foo/leader, 200",
        "GET, /replica, 503",
        "GET, /nonsense, 503",
        "GET, /patroni, 200",
        "GET, /patroni/x, 200",
        "HEAD, /primary, 200",
        "HEAD, /replica, 503",
        "HEAD, /patroni, 503",
        "HEAD, /cluster, 503",
        "HEAD, /config, 503",
        "OPTIONS, /primary, 200",
        "OPTIONS, /replica, 503",
        "GET, /liveness, 200",
        "HEAD, /liveness, 200",
        "GET, /readiness, 200",
        "OPTIONS, /readiness, 200",
        "GET, /history, 200",
        "GET, /cluster, 200",
        "GET, /config, 200",
        "POST, /nonsense, 501",
        "PUT, /primary, 501",
        "DELETE, /config, 501",
        "POST, /config, 501",
        "PATCH, /switchover, 501",
        "POST, /reload/x, 202"
    })
    void routes(String method, String path, int status) {
        assertThat(api.send(method, path, null, Map.of()).statusCode()).isEqualTo(status);
    }

    @Test
    void answersChecksWithTheStatusDocument() {
        HttpResponse<String> response = api.send("GET", "/replica", null, Map.of());
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.body())
                .startsWith("{\"state\": \"running\", \"postmaster_start_time\": ")
                .contains("\"patroni\": {\"version\": \"4.1.4\", \"scope\": \"demo\", ")
                .contains("\"matriarch\": {\"version\": ")
                .doesNotEndWith("\n");
        assertThat(Json.object(response.body())).containsEntry("role", "primary");
    }

    @Test
    void answersHeadWithoutABody() {
        HttpResponse<String> response = api.send("OPTIONS", "/primary", null, Map.of());
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValue("content-type")).isEmpty();
        assertThat(api.call("GET", "/liveness")).isEqualTo("200");
    }

    @Test
    void saysThatAMethodIsUnsupported() {
        assertThat(api.call("POST", "/nonsense"))
                .contains("<p>Error code: 501</p>")
                .contains("Server does not support this operation");
    }

    @Test
    void showsTheCluster() {
        assertThat(api.call("GET", "/cluster"))
                .startsWith("200 {\"members\": [{\"name\": \"pg1\", \"role\": \"leader\", ")
                .endsWith("\"lsn\": \"unknown\", \"lag\": \"unknown\"}], \"scope\": \"demo\"}");
        api.put("history", "[[1,67393352,\"no recovery target specified\",\"2026\",\"pg2\"]]")
                .seen();
        assertThat(api.call("GET", "/history"))
                .isEqualTo(
                        "200 [[1, 67393352, \"no recovery target specified\", \"2026\", \"pg2\"]]");
    }

    @Test
    void patchesTheConfiguration() {
        assertThat(api.call("GET", "/config"))
                .isEqualTo("200 {\"ttl\": 30, \"postgresql\": {\"use_slots\": true}}");
        assertThat(
                        api.call(
                                "PATCH",
                                "/config",
                                "{\"ttl\": \"30\", \"pause\": true, \"postgresql\":"
                                        + " {\"use_slots\": null, \"x\": 1}}"))
                .isEqualTo("200 {\"ttl\": 30, \"postgresql\": {\"x\": 1}, \"pause\": true}");
        assertThat(api.store.read().config().orElseThrow()).containsEntry("pause", true);
        assertThat(api.member.asked).containsExactly("wake");
        assertThat(api.call("PATCH", "/config", "{\"pause\": true}")).startsWith("200 {");
        assertThat(api.member.asked).hasSize(1);
    }

    @Test
    void refusesUnusableConfigurations() {
        assertThat(api.call("PATCH", "/config", "{\"ttl\": \"abc\"}"))
                .startsWith("422 [{\"problem\": \"ttl must be a whole number");
        assertThat(api.call("PATCH", "/config?force=true", "{\"ttl\": \"abc\"}"))
                .startsWith("200 {");
        assertThat(api.call("PATCH", "/config", "{\"pause\": true}")).startsWith("200 {");
        assertThat(api.call("PATCH", "/config", "{}")).startsWith("400 ");
        assertThat(api.call("PATCH", "/config", "[1]")).startsWith("400 ");
        assertThat(api.call("PATCH", "/config", "{")).startsWith("400 ");
        assertThat(RawHttp.send(api.port(), "PATCH /config HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 411 ");
        api.memory.delete(Api.SCOPE, "config");
        assertThat(api.call("PATCH", "/config", "{\"pause\": true}")).startsWith("503 <!DOCTYPE");
        api.seen();
        assertThat(api.call("GET", "/config")).startsWith("502 <!DOCTYPE");
    }

    @Test
    void replacesTheConfiguration() {
        assertThat(api.call("PUT", "/config", "{\"loop_wait\": 5, \"a\": null}"))
                .isEqualTo("200 {\"loop_wait\": 5, \"a\": null}");
        assertThat(api.store.read().config().orElseThrow()).containsEntry("loop_wait", 5);
    }

    @Test
    void switchesOver() {
        api.member.onWake = () -> api.put("leader", "pg2").put("failover", "{}");
        assertThat(api.call("POST", "/switchover", "{\"leader\": \"pg1\"}"))
                .isEqualTo("200 Successfully switched over to \"pg2\"");
        api.put("leader", "pg1");
        api.member.onWake = () -> api.put("leader", "pg3").put("failover", "{}");
        assertThat(api.call("POST", "/failover", "{\"candidate\": \"pg2\"}"))
                .isEqualTo("200 Failed over to \"pg3\" instead of \"pg2\"");
    }

    @Test
    void tellsAFailedSwitchover() {
        api.member.onWake = () -> api.put("failover", "{}");
        assertThat(api.call("POST", "/switchover", "{\"leader\": \"pg1\", \"candidate\": \"pg2\"}"))
                .isEqualTo("503 Switchover failed");
    }

    @Test
    void refusesSwitchovers() {
        assertThat(api.call("POST", "/switchover", "{\"leader\": \"pg2\"}"))
                .isEqualTo("412 leader name does not match");
        api.peer = Optional.empty();
        assertThat(api.call("POST", "/switchover", "{\"leader\": \"pg1\"}"))
                .isEqualTo("412 switchover is not possible: no good candidates have been found");
        assertThat(api.call("POST", "/switchover", "")).startsWith("400 <!DOCTYPE");
        assertThat(api.member.asked).isEmpty();
        assertThat(api.store.read().failoverVersion()).isEmpty();
    }

    @Test
    void schedulesAndForgetsASwitchover() {
        assertThat(api.call("DELETE", "/switchover")).isEqualTo("404 no switchover is scheduled");
        assertThat(
                        api.call(
                                "POST",
                                "/switchover",
                                "{\"leader\": \"pg1\", \"scheduled_at\": \"2100-01-01T00:00+02\"}"))
                .isEqualTo("202 Switchover scheduled");
        assertThat(api.call("GET", "/cluster"))
                .contains(
                        "\"scheduled_switchover\": {\"at\": \"2100-01-01T00:00:00+02:00\","
                                + " \"from\": \"pg1\"}, \"scope\"");
        assertThat(api.call("DELETE", "/switchover")).isEqualTo("200 scheduled switchover deleted");
        assertThat(api.call("DELETE", "/switchover")).isEqualTo("404 no switchover is scheduled");
    }

    @Test
    void restarts() {
        CompletableFuture<String> running =
                api.start("POST", "/restart", "{\"role\": \"primary\", \"timeout\": \"1min\"}");
        for (int i = 0; i < 50; i++) {
            assertThat(api.call("GET", "/primary")).startsWith("200 ");
        }
        assertThat(running).isNotDone();
        api.member.restart.complete(new Reply(200, "restarted successfully"));
        assertThat(running)
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo("200 restarted successfully");
        assertThat(api.member.asked).containsExactly("restart primary Optional[60]");
        assertThat(api.call("POST", "/restart", "{\"foo\": 1}"))
                .isEqualTo("400 Unknown filter for the scheduled restart: foo");
        assertThat(api.call("POST", "/restart", "{\"schedule\": \"2100-01-01T00:00Z\"}"))
                .isEqualTo("202 Restart scheduled");
        assertThat(api.call("DELETE", "/restart")).isEqualTo("404 no restarts are scheduled");
        api.member.restartPlanned = true;
        assertThat(api.call("DELETE", "/restart")).isEqualTo("200 scheduled restart deleted");
        api.member.restart = CompletableFuture.failedFuture(new IllegalStateException("test"));
        assertThat(api.call("POST", "/restart")).isEqualTo("400 restart failed");
    }

    @Test
    void reinitializes() {
        assertThat(api.call("POST", "/reinitialize")).isEqualTo("200 reinitialize started");
        assertThat(api.call("POST", "/reinitialize", "{\"force\": \"on\", \"from_leader\": true}"))
                .startsWith("200 ");
        assertThat(api.member.asked)
                .containsExactly("reinitialize false false", "reinitialize true true");
        assertThat(api.call("POST", "/reinitialize", "{broken")).startsWith("400 ");
        assertThat(api.member.asked).hasSize(2);
    }

    @Test
    void healthChecksDoNotWaitForTheStore() throws Exception {
        api.memory.setAllGates(MemoryGate.State.SILENT);
        List<CompletableFuture<String>> stuck =
                java.util.stream.IntStream.range(0, 20)
                        .mapToObj(i -> api.start("GET", "/cluster", null))
                        .toList();
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertThat(api.call("GET", "/primary")).startsWith("200 ");
        }
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
        for (CompletableFuture<String> answer : stuck) {
            assertThat(answer.get(20, TimeUnit.SECONDS))
                    .startsWith("503 the store gave no answer: ");
        }
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        String answer =
                RawHttp.send(
                        api.port(),
                        "POST /restart HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 413 ");
        assertThat(api.member.asked).isEmpty();
    }

    @Test
    void aBusyPortIsOneSentence() {
        Api.Settings settings = new Api.Settings();
        settings.port = api.port();
        assertThatThrownBy(() -> new Api(settings.config()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the REST API cannot listen at 127.0.0.1:" + api.port())
                .hasMessageContaining("in use");
    }

    @Test
    void aReloadMovesTheListenerAndKeepsRunningRequests() throws Exception {
        CompletableFuture<String> running = api.start("POST", "/restart", "{}");
        org.awaitility.Awaitility.await().until(() -> !api.member.asked.isEmpty());
        int old = api.port();
        Api.Settings settings = new Api.Settings();
        settings.port = LoopbackPorts.free(1).get(0);
        settings.headers = Map.of("X-Test", "1");
        api.server.reload(settings.config());
        assertThat(api.port()).isEqualTo(settings.port).isNotEqualTo(old);
        assertThat(api.send("GET", "/primary", null, Map.of()).headers().firstValue("x-test"))
                .contains("1");
        assertThat(api.call("GET", "/liveness")).isEqualTo("200");
        api.member.restart.complete(new Reply(200, "restarted successfully"));
        assertThat(running.get(5, TimeUnit.SECONDS)).isEqualTo("200 restarted successfully");
    }

    @Test
    void aReloadThatDoesNotWorkKeepsTheOldListener() {
        Api.Settings settings = new Api.Settings();
        settings.cert = Optional.of("/nonexistent/cert.pem");
        int old = api.port();
        api.server.reload(settings.config());
        assertThat(api.port()).isEqualTo(old);
        assertThat(api.call("GET", "/primary")).startsWith("200 ");
    }
}
