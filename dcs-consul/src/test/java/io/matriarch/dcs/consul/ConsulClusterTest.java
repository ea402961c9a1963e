package io.matriarch.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Three servers and an agent: any server may be missing, and without two of three nothing is
 * proven.
 */
@Tag("real")
class ConsulClusterTest {
    private static final Duration TTL = Duration.ofSeconds(20);

    private static ConsulServers consul;

    private Dcs a;
    private Dcs b;
    private Lease lease;

    @BeforeAll
    static void start() {
        consul = ConsulServers.start(ConsulBinary.newest(), 3);
    }

    @AfterAll
    static void stop() {
        if (consul != null) {
            consul.close();
        }
    }

    @BeforeEach
    void open() {
        Map<String, Object> section = Map.of("host", consul.host(consul.agent()));
        a = Opened.member(section, "a", TTL);
        b = Opened.member(section, "b", TTL);
    }

    @AfterEach
    void clean() {
        a.purge(Opening.within(10));
        a.close();
        b.close();
    }

    private Lease acquired() {
        lease =
                a.acquire(a.read(Opening.SCOPE, Opening.within(5)), Opening.within(10))
                        .applied()
                        .orElseThrow();
        return lease;
    }

    private Lease renewed() {
        lease = Opening.renewed(a, lease);
        return lease;
    }

    private boolean isTakenByAnother() {
        return b.acquire(b.read(Opening.SCOPE, Opening.within(10)), Opening.within(10)).isApplied();
    }

    /** One of the three leads the others, so its loss is among these. */
    @Test
    void anyServerMayBeKilled() {
        Lease first = acquired();
        for (int server : List.of(0, 1, 2)) {
            consul.kill(server);
            assertThat(renewed().epoch()).isEqualTo(first.epoch());
            assertThat(isTakenByAnother()).isFalse();
            consul.launchAgain(server);
            consul.awaitServing();
        }
        assertThat(renewed().epoch()).isEqualTo(first.epoch());
    }

    @Test
    void anyServerMayFreeze() {
        Lease first = acquired();
        for (int server : List.of(0, 1, 2)) {
            consul.freeze(server);
            try {
                assertThat(renewed().epoch()).isEqualTo(first.epoch());
                assertThat(isTakenByAnother()).isFalse();
            } finally {
                consul.thaw(server);
            }
            consul.awaitServing();
        }
    }

    @Test
    void withoutAMajorityNothingIsProvenAndNothingRefused() {
        Lease first = acquired();
        List.of(0, 1).forEach(consul::kill);
        try {
            for (Dcs each : List.of(a, b)) {
                assertThatThrownBy(
                                () ->
                                        each.renew(
                                                Snapshot.empty(0),
                                                LeaderUpdate.NONE,
                                                Opening.within(2)))
                        .isInstanceOfAny(
                                DcsException.NotApplied.class, DcsException.OutcomeUnknown.class);
            }
        } finally {
            List.of(0, 1).forEach(consul::launchAgain);
            consul.awaitServing();
        }
        assertThat(renewed().epoch()).isEqualTo(first.epoch());
    }
}
