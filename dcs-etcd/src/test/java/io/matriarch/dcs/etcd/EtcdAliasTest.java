package io.matriarch.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The section {@code etcd}: v3, unless v2 holds the same scope. */
@Tag("real")
class EtcdAliasTest {
    private static Dcs alias(EtcdCluster etcd, String section) {
        return Opened.open(
                section,
                Map.of("host", etcd.hosts()),
                Optional.of("a"),
                Opening.settings(Duration.ofSeconds(6)),
                hint -> {});
    }

    private static void leads(Dcs dcs) {
        Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
        assertThat(dcs.acquire(seen, Opening.within(5)).isApplied()).isTrue();
    }

    @Test
    void leadsWhereTheOldInterfaceIsOffOrEmpty() {
        try (EtcdCluster off = EtcdCluster.start(1);
                Dcs dcs = alias(off, "etcd")) {
            leads(dcs);
        }
        try (EtcdCluster on = EtcdCluster.start(1, "--enable-v2");
                Dcs dcs = alias(on, "etcd")) {
            leads(dcs);
        }
    }

    @Test
    void doesNotLeadBesideAClusterInTheOldKeySpace() throws IOException, InterruptedException {
        try (EtcdCluster etcd = EtcdCluster.start(1, "--enable-v2");
                Dcs dcs = alias(etcd, "etcd")) {
            old(etcd, "/service/batman2/leader");
            leads(dcs);
            old(etcd, "/service/batman/leader");
            Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
            assertThatThrownBy(() -> dcs.acquire(seen, Opening.within(5)))
                    .isInstanceOf(DcsException.Misconfigured.class)
                    .hasMessageContaining("v2");
            assertThatThrownBy(
                            () ->
                                    dcs.write(
                                            EntryKind.INITIALIZE,
                                            Optional.of(Value.of("")),
                                            Guard.absent(),
                                            Opening.within(5)))
                    .isInstanceOf(DcsException.Misconfigured.class);
            try (Dcs v3 = alias(etcd, "etcd3")) {
                leads(v3);
            }
        }
    }

    private static void old(EtcdCluster etcd, String key) throws IOException, InterruptedException {
        HttpRequest put =
                HttpRequest.newBuilder(URI.create(etcd.url(0) + "/v2/keys" + key))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .PUT(HttpRequest.BodyPublishers.ofString("value=x"))
                        .build();
        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(put, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(201);
    }
}
