package io.matriarch.dcs.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The section as an operator writes it. */
class RaftSettingsTest {
    private static final Map<String, Object> MEMBER =
            Map.of("self_addr", "10.0.0.1:2222", "partner_addrs", "10.0.0.2:2222,10.0.0.3:2222");

    private static RaftSettings of(Map<String, Object> values) {
        return RaftSettings.of(new Section("raft", values));
    }

    private static Map<String, Object> memberWith(Object... keysAndValues) {
        Map<String, Object> values = new HashMap<>(MEMBER);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return values;
    }

    @Test
    void theProviderIsFound() {
        List<String> names =
                ServiceLoader.load(DcsProvider.class).stream()
                        .map(provider -> provider.get().name())
                        .toList();
        assertThat(names).contains("raft");
    }

    @Test
    void theLeastThatAMemberNeeds() {
        RaftSettings settings = of(MEMBER);
        assertThat(settings.members())
                .extracting(Address::toString)
                .containsExactly("10.0.0.1:2222", "10.0.0.2:2222", "10.0.0.3:2222");
        assertThat(settings.bind()).hasToString("10.0.0.1:2222");
        assertThat(settings.dataDir()).isEqualTo(Path.of("").toAbsolutePath());
        assertThat(settings.electionMin()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.electionMax()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.connectionTimeout()).isEqualTo(Duration.ofMillis(3500));
        assertThat(settings.witness()).isFalse();
        assertThat(settings.password()).isEmpty();
        assertThat(settings.tls()).isEmpty();
    }

    @Test
    void allThatCanBeSet() {
        RaftSettings settings =
                of(
                        memberWith(
                                "bind_addr", "0.0.0.0:2222",
                                "data_dir", "/var/lib/raft",
                                "min_timeout", 0.5,
                                "max_timeout", "1.5",
                                "connection_timeout", 2,
                                "password", "secret"));
        assertThat(settings.bind()).hasToString("0.0.0.0:2222");
        assertThat(settings.dataDir()).isEqualTo(Path.of("/var/lib/raft"));
        assertThat(settings.electionMin()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.electionMax()).isEqualTo(Duration.ofMillis(1500));
        assertThat(settings.connectionTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.password()).contains("secret");
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @Test
    void addressesOfEachKind() {
        RaftSettings settings =
                of(Map.of("self_addr", "[::1]:1", "partner_addrs", List.of("db2:2", "db2:2")));
        assertThat(settings.members())
                .extracting(Address::toString)
                .containsExactly("[::1]:1", "db2:2");
        assertThat(of(Map.of("partner_addrs", "db1:1,db2:2")).self()).isEmpty();
    }

    @Test
    void aLongElectionMayTakeTwiceItsTime() {
        RaftSettings settings = of(memberWith("min_timeout", 4));
        assertThat(settings.electionMax()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void aKeyMayStandInTheFileOfItsCertificate() {
        RaftSettings.TlsFiles tls =
                of(memberWith("cafile", "/ca.pem", "certfile", "/m.pem")).tls().orElseThrow();
        assertThat(tls.authority()).isEqualTo(Path.of("/ca.pem"));
        assertThat(tls.certificate()).isEqualTo(Path.of("/m.pem"));
        assertThat(tls.key()).isEqualTo(Path.of("/m.pem"));
        tls =
                of(memberWith("cafile", "/ca.pem", "certfile", "/m.pem", "keyfile", "/m.key"))
                        .tls()
                        .orElseThrow();
        assertThat(tls.key()).isEqualTo(Path.of("/m.key"));
    }

    @Test
    void whatCannotWorkIsSaidWithTheSetting() {
        wrong(Map.of(), "self_addr", "partner_addrs");
        wrong(Map.of("self_addr", "10.0.0.1"), "raft.self_addr", "ADDRESS:PORT");
        wrong(memberWith("bind_addr", "0.0.0.0:70000"), "raft.bind_addr");
        wrong(memberWith("partner_addrs", "10.0.0.2"), "raft.partner_addrs");
        wrong(
                memberWith("partner_addrs", "10.0.0.1:2222,10.0.0.2:2222"),
                "must not contain self_addr");
        wrong(Map.of("partner_addrs", "a:1", "witness", true), "raft.self_addr", "witness");
        wrong(memberWith("min_timeout", 3, "max_timeout", 2), "raft.max_timeout");
        wrong(memberWith("min_timeout", 0.05), "0.1 s");
        wrong(memberWith("connection_timeout", "soon"), "raft.connection_timeout");
        wrong(memberWith("certfile", "/m.pem"), "cafile and certfile together");
        wrong(memberWith("cafile", "/ca.pem", "keyfile", "/m.key"), "cafile and certfile together");
        wrong(memberWith("cafile", "/c", "certfile", "/m", "password", "secret"), "both");
        wrong(memberWith("routes", "10.0.0.2:2222"), "raft.routes");
    }

    private static void wrong(Map<String, Object> values, String... says) {
        assertThatThrownBy(() -> of(values))
                .isInstanceOf(DcsException.Misconfigured.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(says).doesNotContain("secret"));
    }

    /** The kit opens many clients: none of them may become the member that the file describes. */
    @Test
    void proxiesLeadAClientToAllMembersUnderTheirNames() {
        Section section =
                new RaftProvider()
                        .rerouted(
                                new Section(
                                        "raft",
                                        memberWith(
                                                "password", "secret",
                                                "witness", true,
                                                "routes", "10.0.0.3:2222=10.9.9.9:7")),
                                server -> new InetSocketAddress("127.0.0.1", server.getPort() + 1))
                        .orElseThrow();
        RaftSettings settings = RaftSettings.of(section);
        assertThat(settings.self()).isEmpty();
        assertThat(settings.witness()).isFalse();
        assertThat(settings.password()).contains("secret");
        assertThat(settings.members())
                .extracting(Address::toString)
                .containsExactly("10.0.0.1:2222", "10.0.0.2:2222", "10.0.0.3:2222");
        assertThat(settings.routes())
                .containsEntry(new Address("10.0.0.1", 2222), new Address("127.0.0.1", 2223))
                .containsEntry(new Address("10.0.0.2", 2222), new Address("127.0.0.1", 2223))
                .containsEntry(new Address("10.0.0.3", 2222), new Address("127.0.0.1", 8));
    }
}
