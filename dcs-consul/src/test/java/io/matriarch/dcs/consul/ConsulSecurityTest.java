package io.matriarch.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.conformance.tls.LoopbackCertificates;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with client certificates, and tokens. */
@Tag("real")
class ConsulSecurityTest {
    private static final Pattern SECRET = Pattern.compile("\"SecretID\":\\s*\"([^\"]+)\"");

    @TempDir Path folder;

    private static void proves(Map<String, Object> section) {
        try (Dcs dcs = Opened.member(section, "a", Duration.ofSeconds(6))) {
            Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
            assertThat(dcs.acquire(seen, Opening.within(5)).isApplied()).isTrue();
            assertThat(dcs.renew(seen, LeaderUpdate.NONE, Opening.within(5)).isApplied()).isTrue();
            assertThat(dcs.touch(Opening.replica("a", "{}"), Opening.within(5)).isApplied())
                    .isTrue();
        }
    }

    private static void misconfigured(Map<String, Object> section, String says) {
        try (Dcs dcs = Opened.member(section, "a", Duration.ofSeconds(6))) {
            assertThatThrownBy(() -> dcs.read(Opening.SCOPE, Opening.within(3)))
                    .isInstanceOf(DcsException.Misconfigured.class)
                    .hasMessageContaining(says);
        }
    }

    @Test
    void clientCertificates() throws IOException {
        LoopbackCertificates made = new LoopbackCertificates(folder);
        try (ConsulServers consul = ConsulServers.startTls(ConsulBinary.newest(), made)) {
            Map<String, Object> section =
                    new HashMap<>(
                            Map.of(
                                    "url", "https://127.0.0.1:" + consul.tlsPort(),
                                    "cacert", made.authority().toString(),
                                    "cert", made.client().toString(),
                                    "key", made.clientKey().toString()));
            proves(section);
            Path both = folder.resolve("both.pem");
            Files.writeString(
                    both, Files.readString(made.clientKey()) + Files.readString(made.client()));
            section.put("cert", both.toString());
            section.remove("key");
            proves(section);
            section.put("key", made.oldFormKey().toString());
            proves(section);
            section.remove("cacert");
            misconfigured(section, "cacert");
            section.put("verify", "off");
            proves(section);
            section.put("cacert", made.otherAuthority().toString());
            misconfigured(section, "cacert");
            section.put("cacert", folder.resolve("missing.pem").toString());
            misconfigured(section, "missing.pem");
            section.put("cacert", made.authority().toString());
            section.remove("cert");
            section.remove("key");
            misconfigured(section, "cert");
        }
    }

    @Test
    void rotatedFilesAreUsedWithoutARestart() throws IOException {
        LoopbackCertificates made = new LoopbackCertificates(folder);
        Path authority = Files.copy(made.otherAuthority(), folder.resolve("rotated.pem"));
        try (ConsulServers consul = ConsulServers.startTls(ConsulBinary.newest(), made);
                Dcs dcs =
                        Opened.reader(
                                Map.of(
                                        "url", "https://127.0.0.1:" + consul.tlsPort(),
                                        "cacert", authority.toString(),
                                        "cert", made.client().toString(),
                                        "key", made.clientKey().toString()))) {
            assertThatThrownBy(() -> dcs.read(Opening.SCOPE, Opening.within(3)))
                    .isInstanceOf(DcsException.Misconfigured.class);
            Files.writeString(authority, Files.readString(made.authority()));
            Files.setLastModifiedTime(authority, FileTime.fromMillis(1_000_000));
            assertThat(dcs.read(Opening.SCOPE, Opening.within(3)).members()).isEmpty();
        }
    }

    @Test
    void aPlainPortIsToldFromATlsPort() {
        try (ConsulServers consul = ConsulServers.start(ConsulBinary.newest(), 1)) {
            misconfigured(
                    Map.of("host", consul.host(0), "scheme", "https", "verify", "off"), "scheme");
        }
    }

    @Test
    void tokens() {
        try (ConsulServers consul =
                ConsulServers.start(
                        ConsulBinary.newest(), 1, AccessRules.CONFIGURATION, AccessRules.MANAGER)) {
            Map<String, Object> section = new HashMap<>(Map.of("host", consul.host(0)));
            section.put("token", AccessRules.MANAGER);
            proves(section);
            section.put("token", tokenOfTheManual(consul));
            proves(section);
            registers(section, consul);
            section.put("token", "11111111-2222-3333-4444-555555555555");
            misconfigured(section, "consul.token");
            section.remove("token");
            try (Dcs anonymous = Opened.member(section, "b", Duration.ofSeconds(6))) {
                assertThatThrownBy(
                                () ->
                                        anonymous.touch(
                                                Opening.replica("b", "{}"), Opening.within(3)))
                        .isInstanceOf(DcsException.Misconfigured.class)
                        .hasMessageContaining("consul.token");
            }
        }
    }

    /** Consul tells that like a guard that did not pass. */
    @Test
    void aTokenThatMayNotWriteTheKeysIsToldFromALostRace() {
        try (ConsulServers consul =
                ConsulServers.start(
                        ConsulBinary.newest(), 1, AccessRules.CONFIGURATION, AccessRules.MANAGER)) {
            String token =
                    token(
                            consul,
                            "key_prefix \\\"service/batman\\\" { policy = \\\"read\\\" }"
                                    + " session_prefix \\\"\\\" { policy = \\\"write\\\" }");
            Map<String, Object> section = Map.of("host", consul.host(0), "token", token);
            try (Dcs dcs = Opened.member(section, "a", Duration.ofSeconds(6))) {
                Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
                lacksRights(() -> dcs.touch(Opening.replica("a", "{}"), Opening.within(3)));
                lacksRights(() -> dcs.acquire(seen, Opening.within(3)));
                for (Guard guard : List.of(Guard.absent(), Guard.any())) {
                    lacksRights(
                            () ->
                                    dcs.write(
                                            EntryKind.CONFIG,
                                            Optional.of(Value.of("{}")),
                                            guard,
                                            Opening.within(3)));
                }
            }
        }
    }

    private static void lacksRights(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining("Permission denied")
                .hasMessageContaining("correct consul.token");
    }

    private static void registers(Map<String, Object> section, ConsulServers consul) {
        Map<String, Object> registering = new HashMap<>(section);
        registering.put("register_service", true);
        Value value =
                new Value(
                        "{}",
                        Map.of(
                                "conn_url", "postgres://10.0.0.11:5432/postgres",
                                "api_url", "http://10.0.0.11:8008/patroni"));
        try (Dcs dcs = Opened.member(registering, "a", Duration.ofSeconds(6))) {
            dcs.touch(new MemberEntry("a", value, "replica", "running"), Opening.within(5));
        }
        assertThat(consul.api("GET", "/v1/agent/services", "")).contains("\"batman/a\"");
    }

    /** The rights that the manual asks for, and no others. */
    private static String tokenOfTheManual(ConsulServers consul) {
        String rules =
                "key_prefix \\\"service/batman\\\" { policy = \\\"write\\\" }"
                        + " session_prefix \\\"\\\" { policy = \\\"write\\\" }"
                        + " service_prefix \\\"batman\\\" { policy = \\\"write\\\" }";
        return token(consul, rules);
    }

    private static String token(ConsulServers consul, String rules) {
        consul.api("PUT", "/v1/acl/policy", "{\"Name\": \"member\", \"Rules\": \"" + rules + "\"}");
        String token =
                consul.api("PUT", "/v1/acl/token", "{\"Policies\": [{\"Name\": \"member\"}]}");
        Matcher matcher = SECRET.matcher(token);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }
}
