package io.matriarch.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class AccessTest {
    private final Api.Settings settings = new Api.Settings();

    @Test
    void asksForAPassword() throws IOException {
        settings.username = Optional.of("admin");
        settings.password = Optional.of("s:e cret");
        try (Api api = new Api(settings.config()).threeMembers()) {
            HttpResponse<String> without = api.send("POST", "/reload", null, Map.of());
            assertThat(without.statusCode()).isEqualTo(401);
            assertThat(without.body()).isEqualTo("no auth header received");
            assertThat(without.headers().firstValue("WWW-Authenticate"))
                    .contains("Basic realm=\"Patroni\"");
            assertThat(with(api, "admin:wrong").body()).isEqualTo("not authenticated");
            assertThat(with(api, "admin:s:e cret").statusCode()).isEqualTo(202);
            assertThat(api.call("GET", "/config")).startsWith("200 ");
            for (String[] route :
                    new String[][] {
                        {"PATCH", "/config"},
                        {"PUT", "/config"},
                        {"POST", "/restart"},
                        {"DELETE", "/restart"},
                        {"POST", "/reinitialize"},
                        {"POST", "/switchover"},
                        {"DELETE", "/switchover"},
                        {"POST", "/failover"}
                    }) {
                assertThat(api.send(route[0], route[1], "{}", Map.of()).statusCode())
                        .as(route[0] + " " + route[1])
                        .isEqualTo(401);
            }
        }
    }

    private static HttpResponse<String> with(Api api, String pair) {
        String header =
                "Basic "
                        + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return api.send("POST", "/reload", null, Map.of("Authorization", header));
    }

    @ParameterizedTest(name = "allowlist {0}, members {1}: {2}")
    @CsvSource({
        "127.0.0.0/8, false, 202",
        "::ffff:127.0.0.0/104, false, 202",
        "localhost, false, 202",
        "10.0.0.0/8, false, 403",
        "10.0.0.0/8, true, 202",
        "'', true, 202",
        "no such host.invalid, false, 403",
        "10.0.0.0/99, false, 403"
    })
    void looksAtTheAddress(String list, boolean members, int status) throws IOException {
        settings.allowlist = list.isEmpty() ? List.of() : List.of(list);
        settings.includeMembers = members;
        try (Api api = new Api(settings.config()).threeMembers()) {
            HttpResponse<String> response = api.send("POST", "/reload", null, Map.of());
            assertThat(response.statusCode()).isEqualTo(status);
            if (status == 403) {
                assertThat(response.body()).isEqualTo("Access is denied");
            }
            assertThat(api.call("GET", "/primary")).startsWith("200 ");
        }
    }

    @Test
    void theAddressIsCheckedBeforeThePassword() throws IOException {
        settings.allowlist = List.of("10.0.0.0/8");
        settings.username = Optional.of("admin");
        try (Api api = new Api(settings.config())) {
            assertThat(api.call("POST", "/reload")).isEqualTo("403 Access is denied");
        }
    }

    @Test
    void networks() throws Exception {
        assertThat(contains("10.1.0.0/15", "10.0.255.1")).isTrue();
        assertThat(contains("10.2.0.0/15", "10.1.0.1")).isFalse();
        assertThat(contains("0.0.0.0/0", "10.1.0.1")).isTrue();
        assertThat(contains("fd00::/8", "fd12::1")).isTrue();
        assertThat(contains("fd00::/8", "10.1.0.1")).isFalse();
        assertThat(contains("::1", "::1")).isTrue();
    }

    private static boolean contains(String network, String address) throws Exception {
        return Network.parse(network).get(0).contains(InetAddress.getByName(address));
    }
}
