package io.matriarch.dcs.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.conformance.server.LoopbackPorts;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Section;
import io.matriarch.spi.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members and clients that prove themselves to each other, and those that cannot. */
@Tag("real")
class RaftSecurityTest {
    @TempDir Path folder;

    private static Dcs open(RaftCluster cluster, Map<String, String> settings) {
        return Opened.member(RaftCluster.section(cluster.addresses(), settings), "a");
    }

    private static void proves(RaftCluster cluster, Map<String, String> settings) {
        try (Dcs dcs = open(cluster, settings)) {
            Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
            assertThat(dcs.acquire(seen, Opening.within(5)).isApplied()).isTrue();
            assertThat(dcs.renew(seen, LeaderUpdate.NONE, Opening.within(5)).isApplied()).isTrue();
        }
    }

    private static void refused(RaftCluster cluster, Map<String, String> settings) {
        try (Dcs dcs = open(cluster, settings)) {
            assertThatThrownBy(() -> dcs.read(Opening.SCOPE, Opening.within(5)))
                    .isInstanceOf(DcsException.Misconfigured.class)
                    .hasMessageContaining("no member of the store trusts this one")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n", "passw0rd"));
        }
    }

    @Test
    void certificatesOfOneAuthority() throws IOException {
        Certificates made = new Certificates(folder);
        Map<String, String> member = made.settings("ca", "member");
        try (RaftCluster cluster = RaftCluster.start(3, member)) {
            proves(cluster, member);
            member.put("keyfile", made.oldFormKey());
            proves(cluster, member);
            member.put("certfile", made.certificateWithKey());
            member.remove("keyfile");
            proves(cluster, member);

            refused(cluster, made.settings("ca", "stranger"));
            refused(cluster, made.settings("other-ca", "member"));
            refused(cluster, Map.of("password", "passw0rd"));
            notAnswered(cluster);
        }
    }

    /** The authority and all certificates are exchanged under a running store. */
    @Test
    void rotatedCertificatesServeTheNextConnection() throws IOException {
        Certificates made = new Certificates(folder);
        Map<String, String> member = made.settings("ca", "member");
        try (RaftCluster cluster = RaftCluster.start(1, member)) {
            proves(cluster, member);
            made.rotate("member", "stranger", "other-ca");
            proves(cluster, member);
            proves(cluster, made.settings("other-ca", "stranger"));
            made.spoil("member");
            proves(cluster, made.settings("other-ca", "stranger"));
        }
    }

    /** Without TLS a member cannot say that it refuses; the call must end all the same. */
    private static void notAnswered(RaftCluster cluster) {
        try (Dcs dcs = open(cluster, Map.of())) {
            assertThatThrownBy(() -> dcs.read(Opening.SCOPE, Opening.within(2)))
                    .isInstanceOf(DcsException.class);
        }
    }

    /** A certificate of the right authority that was issued for another address. */
    @Test
    void aMemberThatIsSomebodyElseIsNotBelieved() throws IOException {
        Certificates made = new Certificates(folder);
        try (RaftCluster cluster = RaftCluster.launch(1, made.settings("ca", "elsewhere"))) {
            cluster.awaitLog(0, "leads the store");
            refused(cluster, made.settings("ca", "member"));
        }
    }

    @Test
    void aPassword() {
        Map<String, String> right = Map.of("password", "passw0rd and more");
        try (RaftCluster cluster = RaftCluster.start(3, right)) {
            proves(cluster, right);
            refused(cluster, Map.of("password", "passw0rd and less"));
            notAnswered(cluster);
        }
    }

    /** The others may be the ones that are right: they only have to come back. */
    @Test
    void oneMemberThatDoesNotTrustIsNotAllOfThem() {
        try (RaftCluster cluster = RaftCluster.launch(1, Map.of("password", "of another store"))) {
            cluster.awaitLog(0, "leads the store");
            List<Address> members = new ArrayList<>(cluster.addresses());
            LoopbackPorts.free(2).forEach(port -> members.add(new Address("127.0.0.1", port)));
            Section section = RaftCluster.section(members, Map.of("password", "of this store"));
            try (Dcs dcs = Opened.member(section, "a")) {
                assertThatThrownBy(() -> dcs.read(Opening.SCOPE, Opening.within(3)))
                        .isInstanceOf(DcsException.class)
                        .isNotInstanceOf(DcsException.Misconfigured.class);
            }
        }
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws IOException {
        Certificates made = new Certificates(folder);
        Map<String, String> settings = made.settings("ca", "member");
        settings.put("cafile", folder.resolve("missing.pem").toString());
        unusable(settings, "missing.pem");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "no key at all\n");
        settings = made.settings("ca", "member");
        settings.put("keyfile", empty.toString());
        unusable(settings, "empty.pem");
    }

    private static void unusable(Map<String, String> settings, String says) {
        assertThatThrownBy(
                        () ->
                                Opened.client(
                                        RaftCluster.section(
                                                List.of(new Address("127.0.0.1", 1)), settings),
                                        Optional.of("a"),
                                        hint -> {}))
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining(says)
                .hasMessageContaining("raft.cafile, raft.certfile or raft.keyfile");
    }

    /** The certificate names 127.0.0.1 only. */
    @Test
    void aMemberKeepsItsNameWhereverItIsReached() throws IOException {
        Certificates made = new Certificates(folder);
        Map<String, String> member = made.settings("ca", "member");
        try (RaftCluster cluster = RaftCluster.start(1, member)) {
            Address address = cluster.addresses().get(0);
            member.put("routes", address + "=localhost:" + address.port());
            proves(cluster, member);
        }
    }
}
