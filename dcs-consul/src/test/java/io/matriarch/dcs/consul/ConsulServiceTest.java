package io.matriarch.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code register_service}: the member as a service of the agent. */
@Tag("real")
class ConsulServiceTest {
    private static ConsulServers consul;

    @BeforeAll
    static void start() {
        consul = ConsulServers.start(ConsulBinary.newest(), 1);
    }

    @AfterAll
    static void stop() {
        if (consul != null) {
            consul.close();
        }
    }

    private static Dcs member(Map<String, Object> more) {
        Map<String, Object> section = new HashMap<>(more);
        section.put("host", consul.host(0));
        return Opened.member(section, "a", Duration.ofSeconds(30));
    }

    private static void touch(Dcs dcs, String role, String state) {
        touch(dcs, role, state, "10.0.0.11");
    }

    private static void touch(Dcs dcs, String role, String state, String host) {
        Value value =
                new Value(
                        "{\"state\":\"" + state + "\"}",
                        Map.of(
                                "conn_url", "postgres://" + host + ":6432/postgres",
                                "api_url", "http://" + host + ":8008/patroni"));
        MemberEntry me = new MemberEntry("a", value, role, state);
        assertThat(dcs.touch(me, Opening.within(5)).isApplied()).isTrue();
    }

    private static String services() {
        return agent("services");
    }

    private static String checks() {
        return agent("checks");
    }

    /** Some agents write JSON for people. */
    private static String agent(String what) {
        return consul.api("GET", "/v1/agent/" + what, "").replaceAll("\\s", "");
    }

    @Test
    void theServiceFollowsTheMemberRecord() {
        Map<String, Object> section =
                Map.of(
                        "register_service", "on",
                        "service_tags", List.of("blue"),
                        "service_check_interval", "7s");
        try (Dcs dcs = member(section)) {
            touch(dcs, "primary", "starting");
            assertThat(services()).isEqualTo("{}");
            touch(dcs, "primary", "running");
            assertThat(services())
                    .contains("\"batman/a\"")
                    .contains("\"Service\":\"batman\"")
                    .contains("\"10.0.0.11\"", "6432")
                    .containsSubsequence("\"blue\"", "\"primary\"", "\"master\"");
            assertThat(checks()).contains("\"Interval\":\"7s\"");
            touch(dcs, "standby_leader", "running");
            assertThat(services())
                    .containsSubsequence("\"blue\"", "\"standby-leader\"")
                    .doesNotContain("\"master\"");
            touch(dcs, "standby_leader", "stopped");
            assertThat(services()).isEqualTo("{}");
        }
    }

    /** An agent that will not take it, here for a duration that none is, costs a warning only. */
    @Test
    void aServiceThatCannotBeRegisteredCostsNothing() {
        try (Dcs dcs = member(Map.of("register_service", "on", "service_check_interval", "x"))) {
            touch(dcs, "primary", "running");
            assertThat(dcs.read(Opening.SCOPE, Opening.within(5)).members()).containsKey("a");
            assertThat(services()).isEqualTo("{}");
        }
    }

    /** Container tools make such names, and {@link java.net.URI} does not take them for hosts. */
    @Test
    void aHostNameMayHaveAnUnderscore() {
        try (Dcs dcs = member(Map.of("register_service", true))) {
            touch(dcs, "replica", "running", "pg_0");
            assertThat(services()).contains("\"Address\":\"pg_0\"", "6432");
            touch(dcs, "replica", "stopped");
        }
    }

    @Test
    void anAddressThatIsNoneCostsNothing() {
        try (Dcs dcs = member(Map.of("register_service", true))) {
            touch(dcs, "replica", "running", "pg 0");
            assertThat(services()).isEqualTo("{}");
        }
    }

    @Test
    void nothingIsRegisteredUnlessAskedFor() {
        try (Dcs dcs = member(Map.of())) {
            touch(dcs, "primary", "running");
            assertThat(services()).isEqualTo("{}");
        }
    }
}
