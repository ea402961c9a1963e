package io.matriarch.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.server.LoopbackPorts;
import io.matriarch.engine.config.CtlConfig;
import io.matriarch.engine.rest.Answer;
import io.matriarch.engine.rest.RestClient;
import io.matriarch.engine.rest.Unreachable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS from PEM files, for the server and for the client that members and the ctl use. */
@Timeout(60)
class TlsTest {
    private static final Duration BUDGET = Duration.ofSeconds(5);

    @TempDir Path dir;

    @Test
    void aStrictClientSeesACleanEnd() throws Exception {
        Certificates certificates = Certificates.in(dir);
        try (Api api = new Api(certificates.settings().config())) {
            for (int i = 0; i < 5; i++) {
                String out =
                        certificates.openssl(
                                "s_client -quiet -ign_eof -verify_return_error -CAfile ca.pem -connect 127.0.0.1:"
                                        + api.port(),
                                "GET /primary HTTP/1.0\r\n\r\n",
                                false);
                assertThat(out)
                        .contains("HTTP/1.0 200 OK")
                        .contains("\"role\": \"primary\"")
                        .doesNotContain("unexpected eof")
                        .endsWith("exit 0");
            }
        }
    }

    @Test
    void theClientVerifiesTheServer() throws Exception {
        Certificates certificates = Certificates.in(dir);
        try (Api api = new Api(certificates.settings().config())) {
            String url = "https://127.0.0.1:" + api.port() + "/patroni";
            Answer answer =
                    RestClient.ofOperator(ctl(false, true, false)).get(url, "/primary", BUDGET);
            assertThat(answer.status()).isEqualTo(200);
            RestClient strict = RestClient.ofOperator(ctl(false, false, false));
            assertThatThrownBy(() -> strict.get(url, "/primary", BUDGET))
                    .isInstanceOf(Unreachable.class)
                    .hasMessageStartingWith("https://127.0.0.1:" + api.port());
            assertThat(
                            RestClient.ofOperator(ctl(true, false, false))
                                    .get(url, "/primary", BUDGET)
                                    .status())
                    .isEqualTo(200);
            assertThat(
                            RestClient.ofMember(ctl(false, false, false))
                                    .get(url, "/primary", BUDGET)
                                    .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void withAClientCertificateTheChainIsVerified() throws Exception {
        Certificates certificates = Certificates.in(dir);
        try (Api api = new Api(certificates.settings().config())) {
            RestClient member = RestClient.ofMember(ctl(false, true, true));
            assertThat(member.get(url(api), "/primary", BUDGET).status()).isEqualTo(200);
            RestClient unknownAuthority = RestClient.ofMember(ctl(false, false, true));
            assertThatThrownBy(() -> unknownAuthority.get(url(api), "/primary", BUDGET))
                    .isInstanceOf(Unreachable.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"optional", "required"})
    void changesNeedAClientCertificate(String mode) throws Exception {
        Api.Settings settings = Certificates.in(dir).settings();
        settings.verifyClient = mode;
        try (Api api = new Api(settings.config())) {
            RestClient with = RestClient.ofOperator(ctl(false, true, true));
            assertThat(with.post(url(api), "/reload", "", BUDGET).status()).isEqualTo(202);
            RestClient without = RestClient.ofOperator(ctl(false, true, false));
            if (mode.equals("optional")) {
                Answer answer = without.post(url(api), "/reload", "", BUDGET);
                assertThat(answer.status() + " " + answer.body())
                        .isEqualTo("403 client certificate required");
                assertThat(without.get(url(api), "/primary", BUDGET).status()).isEqualTo(200);
            } else {
                assertThatThrownBy(() -> without.get(url(api), "/primary", BUDGET))
                        .isInstanceOf(Unreachable.class);
            }
        }
    }

    @Test
    void aRenewedCertificateIsTakenOver() throws Exception {
        Certificates certificates = Certificates.in(dir);
        Api.Settings settings = certificates.settings();
        settings.port = LoopbackPorts.free(1).get(0);
        try (Api api = new Api(settings.config())) {
            assertThat(subject(certificates, api)).contains("CN = server");
            certificates.issue("next", "renewed");
            replace("next.pem", "server.pem");
            replace("next.key", "server.key");
            api.server.reload(settings.config());
            assertThat(subject(certificates, api)).contains("CN = renewed");
        }
    }

    private void replace(String from, String to) throws Exception {
        Files.move(dir.resolve(from), dir.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    }

    private static String subject(Certificates certificates, Api api) throws Exception {
        return certificates.openssl(
                "s_client -CAfile ca.pem -connect 127.0.0.1:" + api.port(), "", false);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "pkcs8 -topk8 -nocrypt -in server.key -out other.key",
                "rsa -traditional -in server.key -out other.key",
                "pkcs8 -topk8 -v2 aes-256-cbc -passout pass:secret -in server.key -out other.key",
                "pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA1 -passout pass:secret -in server.key -out other.key"
            })
    void readsEveryFormOfRsaKey(String conversion) throws Exception {
        Certificates certificates = Certificates.in(dir);
        certificates.openssl(conversion);
        Api.Settings settings = certificates.settings();
        settings.key = Optional.of(certificates.file("other.key").toString());
        settings.keyPassword = Optional.of("secret");
        try (Api api = new Api(settings.config())) {
            assertThat(
                            RestClient.ofOperator(ctl(false, true, false))
                                    .get(url(api), "/primary", BUDGET)
                                    .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void readsEllipticCurveKeysAndOneFileForAll() throws Exception {
        Certificates certificates = Certificates.in(dir);
        certificates.openssl("ecparam -name prime256v1 -genkey -noout -out ec.key");
        certificates.openssl("req -x509 -key ec.key -out ec.pem -days 2 -subj /CN=ec");
        Files.writeString(
                certificates.file("both.pem"),
                Files.readString(certificates.file("ec.key"))
                        + "some words\n"
                        + Files.readString(certificates.file("ec.pem")));
        Api.Settings settings = certificates.settings();
        settings.cert = Optional.of(certificates.file("both.pem").toString());
        settings.key = Optional.empty();
        try (Api api = new Api(settings.config())) {
            assertThat(subject(certificates, api)).contains("CN = ec");
        }
    }

    @Test
    void onlyTheConfiguredCiphersAreSpoken() throws Exception {
        Certificates certificates = Certificates.in(dir);
        Api.Settings settings = certificates.settings();
        settings.port = LoopbackPorts.free(1).get(0);
        settings.ciphers = Optional.of("ECDHE+AESGCM:ECDHE-RSA-AES256-SHA384:!AES128");
        try (Api api = new Api(settings.config())) {
            assertThat(spoken(certificates, api, "-tls1_2 -cipher ECDHE-RSA-AES256-GCM-SHA384"))
                    .contains("Cipher is ECDHE-RSA-AES256-GCM-SHA384");
            assertThat(spoken(certificates, api, "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256"))
                    .contains("handshake failure");
            assertThat(spoken(certificates, api, "-tls1_2 -cipher AES256-GCM-SHA384"))
                    .contains("handshake failure");
            assertThat(spoken(certificates, api, "-tls1_3")).contains("Cipher is TLS_");
            settings.ciphers = Optional.of("ECDHE-RSA-AES128-GCM-SHA256");
            api.server.reload(settings.config());
            assertThat(spoken(certificates, api, "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256"))
                    .contains("Cipher is ECDHE-RSA-AES128-GCM-SHA256");
            settings.ciphers = Optional.of("nonsense");
            api.server.reload(settings.config());
            assertThat(spoken(certificates, api, "-tls1_2"))
                    .as("a list without a cipher changes nothing")
                    .contains("Cipher is ECDHE-RSA-AES128-GCM-SHA256");
        }
    }

    private static String spoken(Certificates certificates, Api api, String options)
            throws Exception {
        return certificates.openssl(
                "s_client " + options + " -CAfile ca.pem -connect 127.0.0.1:" + api.port(),
                "",
                false);
    }

    @Test
    void anUnusableFileIsOneSentence() throws Exception {
        Certificates certificates = Certificates.in(dir);
        Api.Settings settings = certificates.settings();
        settings.key = settings.ca;
        assertThatThrownBy(() -> new Api(settings.config()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(certificates.file("ca.pem") + " holds no private key in PEM form");
        certificates.openssl(
                "pkcs8 -topk8 -v2 aes-256-cbc -passout pass:secret -in server.key -out other.key");
        settings.key = Optional.of(certificates.file("other.key").toString());
        assertThatThrownBy(() -> new Api(settings.config()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no keyfile_password is configured");
    }

    private static String url(Api api) {
        return "https://127.0.0.1:" + api.port() + "/patroni";
    }

    private CtlConfig ctl(boolean insecure, boolean authority, boolean certificate) {
        return new CtlConfig(
                insecure,
                authority ? Optional.of(dir.resolve("ca.pem").toString()) : Optional.empty(),
                certificate ? Optional.of(dir.resolve("client.pem").toString()) : Optional.empty(),
                certificate ? Optional.of(dir.resolve("client.key").toString()) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
