package io.matriarch.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.Opening;
import io.matriarch.conformance.server.ServerProcesses;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Service accounts, kubeconfig files, tokens, certificates and rights. */
@Tag("real")
class KubernetesSecurityTest {
    private static ApiCluster cluster;
    private static int tenants;

    private final Tenant tenant = new Tenant(cluster, "secure-" + tenants++, "rbac-configmaps");

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        cluster = ApiCluster.start();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** What a process in a Pod finds. */
    private Surroundings inPod(String token, String authority) throws IOException {
        Files.writeString(folder.resolve("token"), token + "\n");
        Files.copy(
                cluster.certificates().file(authority + ".pem"),
                folder.resolve("ca.crt"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return new Surroundings(
                Map.of(
                        "KUBERNETES_SERVICE_HOST",
                        "127.0.0.1",
                        "KUBERNETES_SERVICE_PORT",
                        Integer.toString(cluster.port(0))),
                folder,
                Path.of("/"));
    }

    private Map<String, Object> section(Map<String, Object> more) {
        Map<String, Object> section = new HashMap<>(more);
        section.putIfAbsent("namespace", tenant.namespace());
        return section;
    }

    private void proves(Surroundings around, Map<String, Object> more) {
        tenant.pod("batman", "a");
        try (Dcs dcs = Opened.open(around, section(more), Optional.of("a"), hint -> {})) {
            Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
            assertThat(dcs.acquire(seen, Opening.within(5)).isApplied()).isTrue();
            assertThat(dcs.renew(seen, LeaderUpdate.NONE, Opening.within(5)).isApplied()).isTrue();
            assertThat(
                            dcs.touch(Opened.me("a", "{}", "primary", "running"), Opening.within(5))
                                    .isApplied())
                    .isTrue();
        }
    }

    private void misconfigured(Surroundings around, Map<String, Object> more, String says) {
        assertThatThrownBy(
                        () -> {
                            try (Dcs dcs =
                                    Opened.open(
                                            around, section(more), Optional.of("a"), hint -> {})) {
                                dcs.read(Opening.SCOPE, Opening.within(3));
                            }
                        })
                .isInstanceOf(DcsException.Misconfigured.class)
                .hasMessageContaining(says);
    }

    @Test
    void theServiceAccountOfAPod() throws IOException {
        proves(inPod(tenant.token(), "ca"), Map.of());
        misconfigured(inPod("not-a-token", "ca"), Map.of(), "refused the credentials");
        Surroundings wrongAuthority = inPod(tenant.token(), "other");
        misconfigured(wrongAuthority, Map.of(), "TLS");
        proves(wrongAuthority, Map.of("cacert", cluster.certificates().file("ca.pem").toString()));
        misconfigured(
                wrongAuthority,
                Map.of("cacert", folder.resolve("missing.pem").toString()),
                "missing.pem");
    }

    /** The kubelet replaces the token about every hour, and the old one stops to be accepted. */
    @Test
    void aReplacedTokenIsTakenInsideTheDeadline() throws IOException {
        Surroundings around = inPod(tenant.token(), "ca");
        try (Dcs dcs = Opened.open(around, section(Map.of()), Optional.of("a"), hint -> {})) {
            Snapshot seen = dcs.read(Opening.SCOPE, Opening.within(5));
            assertThat(dcs.acquire(seen, Opening.within(5)).isApplied()).isTrue();
            Tenant other = new Tenant(cluster, "secure-other-" + tenants++, "rbac-configmaps");
            // The account is gone, and its tokens with it; another one gets its rights.
            cluster.admin()
                    .merge(
                            "/apis/rbac.authorization.k8s.io/v1/namespaces/"
                                    + tenant.namespace()
                                    + "/rolebindings/matriarch",
                            "{\"subjects\":[%s,%s]}"
                                    .formatted(
                                            account(tenant.namespace()),
                                            account(other.namespace())));
            cluster.admin().delete(tenant.path("serviceaccounts/matriarch"));
            Files.writeString(folder.resolve("token"), other.token() + "\n");
            // The API server remembers a good token for some seconds.
            long end = System.nanoTime() + 30_000_000_000L;
            while (accepted(tenant.token())) {
                assertThat(System.nanoTime()).as("the old token is accepted still").isLessThan(end);
                ServerProcesses.pause();
            }
            for (int i = 0; i < 3; i++) {
                assertThat(dcs.renew(seen, LeaderUpdate.NONE, Opening.within(5)).isApplied())
                        .isTrue();
            }
        }
    }

    private static String account(String namespace) {
        return "{\"kind\":\"ServiceAccount\",\"name\":\"matriarch\",\"namespace\":\"%s\"}"
                .formatted(namespace);
    }

    private boolean accepted(String token) {
        try (Dcs dcs =
                Opened.open(
                        tenant.surroundings(cluster.address(0), token),
                        section(Map.of()),
                        Optional.empty(),
                        hint -> {})) {
            dcs.read(Opening.SCOPE, Opening.within(3));
            return true;
        } catch (DcsException e) {
            return false;
        }
    }

    @Test
    void kubeconfigFiles() throws IOException {
        Path file = folder.resolve("config");
        Files.writeString(
                file,
                """
                apiVersion: v1
                kind: Config
                clusters:
                - name: there
                  cluster: {server: "https://%1$s", certificate-authority: "%2$s"}
                users:
                - name: certified
                  user: {client-certificate: "%3$s", client-key: "%4$s"}
                - name: bearer
                  user: {token: "%5$s"}
                contexts:
                - name: by-certificate
                  context: {cluster: there, user: certified}
                - name: by-token
                  context: {cluster: there, user: bearer}
                current-context: by-certificate
                """
                        .formatted(
                                cluster.address(0),
                                cluster.certificates().file("ca.pem"),
                                cluster.certificates().file("client.pem"),
                                cluster.certificates().file("client.key"),
                                tenant.token()));
        Surroundings around =
                new Surroundings(Map.of("KUBECONFIG", file.toString()), folder, folder);
        proves(around, Map.of("context", "by-token"));
        // Known by its certificate, and without rights yet.
        misconfigured(around, Map.of(), "grant the role of docs/kubernetes.md");
        misconfigured(around, Map.of(), "operator");
        cluster.admin()
                .merge(
                        "/apis/rbac.authorization.k8s.io/v1/namespaces/"
                                + tenant.namespace()
                                + "/rolebindings/matriarch",
                        "{\"subjects\":[{\"kind\":\"User\",\"name\":\"operator\"}]}");
        proves(around, Map.of());
        misconfigured(around, Map.of("context", "elsewhere"), "no context elsewhere");
        misconfigured(
                new Surroundings(Map.of(), folder, folder), Map.of(), "no kubeconfig file at");
        Files.writeString(file, "{ this is no kubeconfig");
        misconfigured(around, Map.of(), "cannot be used");
    }

    @Test
    void aNamespaceWithoutRights() {
        Surroundings around = tenant.surroundings(cluster.address(0), tenant.token());
        misconfigured(around, Map.of("namespace", "kube-system"), "kube-system");
    }
}
