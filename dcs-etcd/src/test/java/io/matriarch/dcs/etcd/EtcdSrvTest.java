package io.matriarch.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Snapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code srv}: a real DNS server names the servers of a real etcd. */
@Tag("real")
class EtcdSrvTest {
    private static final String DOMAIN = "matriarch.test";

    /** What JNDI asks instead of the servers in resolv.conf. */
    private static final String RESOLVER = "java.naming.provider.url";

    private DnsServer dns;
    private EtcdCluster etcd;

    @BeforeEach
    void start() {
        dns = DnsServer.make(DOMAIN);
        System.setProperty(RESOLVER, dns.url());
        etcd = EtcdCluster.start(3);
        etcd.awaitQuorum();
    }

    @AfterEach
    void stop() {
        System.clearProperty(RESOLVER);
        if (etcd != null) {
            etcd.close();
        }
        if (dns != null) {
            dns.close();
        }
    }

    private static Dcs member(Map<String, Object> section) {
        // Without asking the store for its members: all that is known comes from DNS.
        Map<String, Object> all = new HashMap<>(section);
        all.put("use_proxies", "true");
        return Opened.member(all, "a", Duration.ofSeconds(6), hint -> {});
    }

    private static void leads(Dcs dcs) {
        Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(8));
        assertThat(dcs.acquire(seen, Opening.within(8)).isApplied()).isTrue();
    }

    @Test
    void clientRecordsNameTheServers() {
        dns.answer(
                DnsServer.srv("_etcd-client", etcd.address(0)),
                DnsServer.srv("_etcd-client", etcd.address(1)),
                DnsServer.srv("_etcd-client", etcd.address(2)));
        try (Dcs dcs = member(Map.of("srv", DOMAIN))) {
            leads(dcs);
            for (int member = 0; member < 3; member++) {
                etcd.kill(member);
                etcd.awaitQuorum();
                leads(dcs);
                etcd.restart(member);
                etcd.awaitQuorum();
            }
        }
    }

    @Test
    void theSuffixChoosesTheRecord() {
        etcd.kill(0);
        etcd.awaitQuorum();
        dns.answer(
                DnsServer.srv("_etcd-client", etcd.address(0)),
                DnsServer.srv("_etcd-client-blue", etcd.address(1)));
        assertThat(SrvLookup.endpoints(DOMAIN, Optional.empty()))
                .containsExactly(new Endpoint(false, "localhost", etcd.address(0).getPort()));
        try (Dcs dcs = member(Map.of("discovery_srv", DOMAIN, "srv_suffix", "blue"))) {
            leads(dcs);
        }
    }

    /** Records for servers name the addresses for peers; these tell where clients are served. */
    @Test
    void serverRecordsLeadToTheClientAddresses() {
        dns.answer(DnsServer.srv("_etcd-server", etcd.peerAddress(1)));
        assertThat(SrvLookup.endpoints(DOMAIN, Optional.empty()))
                .extracting(Endpoint::url)
                .containsExactlyInAnyOrder(etcd.url(0), etcd.url(1), etcd.url(2));
        try (Dcs dcs = member(Map.of("srv", DOMAIN))) {
            leads(dcs);
        }
    }

    @Test
    void theRecordForTlsWins() {
        dns.answer(
                DnsServer.srv("_etcd-client-ssl", etcd.address(1)),
                DnsServer.srv("_etcd-client", etcd.address(0)));
        assertThat(SrvLookup.endpoints(DOMAIN, Optional.empty()))
                .containsExactly(new Endpoint(true, "localhost", etcd.address(1).getPort()));
    }

    /** Hosts beside the domain are what is left when DNS knows nothing. */
    @Test
    void hostsAreTheFallback() {
        dns.answer();
        try (Dcs dcs = member(Map.of("srv", DOMAIN, "hosts", etcd.hosts()))) {
            leads(dcs);
        }
    }

    @Test
    void addressesThatMovedAreFoundAfterAllFailed() {
        etcd.kill(0);
        etcd.awaitQuorum();
        dns.answer(DnsServer.srv("_etcd-client", etcd.address(0)));
        try (Dcs dcs = member(Map.of("srv", DOMAIN))) {
            assertThatThrownBy(() -> dcs.read(Opening.SCOPE, Opening.within(1)))
                    .isInstanceOf(DcsException.NotApplied.class);
            dns.answer(DnsServer.srv("_etcd-client", etcd.address(2)));
            leads(dcs);
        }
    }

    /** A name server that is silent for every name costs the watch one wait, not six. */
    @Test
    void aSilentNameServerIsAskedOnce() {
        dns.answer();
        dns.freeze();
        long start = System.nanoTime();
        List<Endpoint> found = SrvLookup.endpoints(DOMAIN, Optional.empty());
        Duration spent = Duration.ofNanos(System.nanoTime() - start);
        dns.thaw();
        assertThat(found).isEmpty();
        assertThat(spent).isLessThan(Duration.ofSeconds(5));
    }
}
