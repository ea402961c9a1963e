package io.matriarch.lab;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An API server on an etcd of its own beside the members. Nothing else of Kubernetes runs, so the
 * lab makes the members' Pods itself.
 */
final class KubernetesStore implements LabStore {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final Binaries binaries;
    private final Children children;
    private final Scratch scratch;
    private final Path program;
    private final String token;
    private final List<String> members;
    private final int port;
    private final int etcdPort;
    private final int etcdPeerPort;
    private List<Process> servers = List.of();

    KubernetesStore(
            Binaries binaries,
            Children children,
            Scratch scratch,
            String token,
            List<String> members)
            throws IOException, LabException {
        this.binaries = binaries;
        this.children = children;
        this.scratch = scratch;
        this.program =
                scratch.readableFile(Installed.program("kube-apiserver", "dev/kube-apiserver"));
        this.token = token;
        this.members = members;
        List<Integer> ports = Ports.free(3);
        this.port = ports.get(0);
        this.etcdPort = ports.get(1);
        this.etcdPeerPort = ports.get(2);
        scratch.write("tokens.csv", token + ",demo,1,\"system:masters\"\n", "rw-------");
        scratch.write("accounts.key", accountKey(), "rw-------");
        scratch.write("ctl.kubeconfig", kubeconfig(port), "rw-------");
    }

    /** The API server wants a key for the tokens of service accounts, of which the lab has none. */
    private static String accountKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder().encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java machine has RSA", e);
        }
    }

    @Override
    public void start() throws LabException {
        String client = "http://127.0.0.1:" + etcdPort;
        String peer = "http://127.0.0.1:" + etcdPeerPort;
        Process etcd =
                children.start(
                        binaries.etcdCommand(scratch.file("etcd"), client, peer),
                        scratch.file("etcd.log"));
        Process api = children.start(apiServer(client), scratch.file("apiserver.log"));
        servers = List.of(api, etcd);
        try {
            awaitReady(api);
            makePods();
        } catch (IOException e) {
            throw new LabException("cannot use the API server: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while the API server started", e);
        }
    }

    private List<String> apiServer(String etcd) {
        return List.of(
                program.toString(),
                "--etcd-servers=" + etcd,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + scratch.file("apiserver"),
                "--token-auth-file=" + scratch.file("tokens.csv"),
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + scratch.file("accounts.key"),
                "--service-account-signing-key-file=" + scratch.file("accounts.key"),
                "--service-cluster-ip-range=10.0.0.0/24",
                "--disable-admission-plugins=ServiceAccount",
                "--endpoint-reconciler-type=none");
    }

    private void awaitReady(Process api) throws LabException, InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady()) {
            if (!api.isAlive() || System.nanoTime() - until > 0) {
                throw new LabException(
                        "the API server does not serve; its last lines:\n"
                                + scratch.tail("apiserver.log", 10));
            }
            // Another process is being watched: there is nothing to be told by.
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return Files.exists(certificate()) && ask("GET", "/readyz", "").statusCode() == 200;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    /** Those that are there already are left as they are. */
    private void makePods() throws IOException, InterruptedException, LabException {
        for (String member : members) {
            HttpResponse<String> answer =
                    ask("POST", "/api/v1/namespaces/default/pods", pod(member));
            if (answer.statusCode() != 201 && answer.statusCode() != 409) {
                throw new LabException("cannot make the Pod of " + member + ": " + answer.body());
            }
        }
    }

    private static String pod(String member) {
        return """
               {"apiVersion": "v1", "kind": "Pod",
                "metadata": {"name": "%s",
                             "labels": {"application": "matriarch", "cluster-name": "%s"}},
                "spec": {"containers": [{"name": "postgresql", "image": "none"}]}}
               """
                .formatted(member, MemberFile.SCOPE);
    }

    private HttpResponse<String> ask(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                        .timeout(ANSWER)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trusting(certificate()))
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The API server signs its certificate itself. */
    private Path certificate() {
        return scratch.file("apiserver").resolve("apiserver.crt");
    }

    private static SSLContext trusting(Path certificate) throws IOException {
        try (InputStream in = Files.newInputStream(certificate)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (var each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("c" + number++, each);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read " + certificate + ": " + e.getMessage(), e);
        }
    }

    private String kubeconfig(int serverPort) {
        return """
               apiVersion: v1
               kind: Config
               clusters:
               - name: demo
                 cluster: {server: 'https://127.0.0.1:%d', certificate-authority: '%s'}
               users:
               - name: demo
                 user: {token: '%s'}
               contexts:
               - name: demo
                 context: {cluster: demo, user: demo, namespace: default}
               current-context: demo
               """
                .formatted(serverPort, certificate(), token);
    }

    @Override
    public String section(LabMember member) {
        return sectionOfTool();
    }

    @Override
    public String sectionOfTool() {
        return """
               kubernetes:
                 namespace: default
                 labels: {application: matriarch}
               """;
    }

    /** A member behind cables finds the API server at another port. */
    @Override
    public Map<String, String> environment(LabMember member) throws IOException {
        String file = member.name() + ".kubeconfig";
        if (!Files.exists(scratch.file(file))) {
            scratch.write(file, kubeconfig(member.storePort()), "rw-------");
        }
        return Map.of("KUBECONFIG", scratch.file(file).toString());
    }

    @Override
    public Map<String, String> environmentOfTool() {
        return Map.of("KUBECONFIG", scratch.file("ctl.kubeconfig").toString());
    }

    @Override
    public int portFor(String member) {
        return port;
    }

    @Override
    public List<Process> servers() {
        return servers;
    }

    @Override
    public String counters() throws IOException, InterruptedException {
        HttpResponse<String> answer = ask("GET", "/metrics", "");
        if (answer.statusCode() != 200) {
            throw new IOException("the API server answers " + answer.statusCode());
        }
        return answer.body();
    }

    @Override
    public String title() {
        return "a Kubernetes API server";
    }
}
