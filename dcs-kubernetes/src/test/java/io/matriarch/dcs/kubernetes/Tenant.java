package io.matriarch.dcs.kubernetes;

import io.matriarch.conformance.server.ServerProcesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A namespace with the service account and the rights that our manual tells operators to give, and
 * the Pods of the members in it.
 */
final class Tenant {
    private static final Pattern POD_NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private final ApiCluster cluster;
    private final String namespace;
    private final String token;
    private final Map<List<String>, Surroundings> surroundings = new ConcurrentHashMap<>();
    private final Set<String> pods = ConcurrentHashMap.newKeySet();

    Tenant(ApiCluster cluster, String namespace, String manifest) {
        this.cluster = cluster;
        this.namespace = namespace;
        Admin admin = cluster.admin();
        admin.create("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
        apply(manifest);
        this.token =
                admin.create(
                                path("serviceaccounts/matriarch/token"),
                                "{\"kind\":\"TokenRequest\","
                                        + "\"apiVersion\":\"authentication.k8s.io/v1\",\"spec\":{}}")
                        .path("status")
                        .path("token")
                        .asString("");
        awaitRights(path(manifest.replace("rbac-", "")));
    }

    /** The API server learns of new rights a moment later. */
    void awaitRights(String object) {
        Admin me = new Admin("https://" + cluster.address(0), cluster.file("ca.pem"), token);
        long end = System.nanoTime() + 20_000_000_000L;
        while (!me.exists(object)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no right to see " + object);
            }
            ServerProcesses.pause();
        }
    }

    /** Applies a published manifest, with this namespace in place of the default one. */
    void apply(String manifest) {
        try {
            String yaml =
                    Files.readString(Path.of("..", "docs", "kubernetes", manifest + ".yaml"))
                            .replaceAll(
                                    "namespace: default( # the service account's)?\n",
                                    "namespace: " + namespace + "\n");
            for (String each : yaml.split("(?m)^---$")) {
                create(new YAMLMapper().readTree(each));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void create(JsonNode object) {
        String resource = object.path("kind").asString("").toLowerCase(java.util.Locale.ROOT) + "s";
        String version = object.path("apiVersion").asString("");
        String in = object.path("metadata").path("namespace").asString("");
        cluster.admin()
                .create(
                        (version.contains("/") ? "/apis/" : "/api/")
                                + version
                                + "/namespaces/"
                                + in
                                + "/"
                                + resource,
                        object);
    }

    String namespace() {
        return namespace;
    }

    String token() {
        return token;
    }

    /** The path of an object in this namespace. */
    String path(String object) {
        return "/api/v1/namespaces/" + namespace + "/" + object;
    }

    JsonNode get(String object) {
        return cluster.admin().get(path(object));
    }

    /** Makes the Pod of a member, as a StatefulSet and a kubelet would, if it can be one. */
    void pod(String scope, String name) {
        if (!POD_NAME.matcher(name).matches() || !pods.add(name)) {
            return;
        }
        Admin admin = cluster.admin();
        admin.create(
                path("pods"),
                """
                {"metadata":{"name":"%s","labels":{"application":"patroni","cluster-name":"%s"}},
                 "spec":{"hostname":"%s","nodeName":"node-1",
                         "containers":[{"name":"postgres","image":"postgres"}]}}"""
                        .formatted(name, scope, name));
        String ip = "10.1.0." + (pods.size() % 250 + 1);
        admin.merge(
                path("pods/" + name + "/status"),
                "{\"status\":{\"podIP\":\"%s\",\"podIPs\":[{\"ip\":\"%s\"}]}}".formatted(ip, ip));
    }

    /**
     * Where a member finds this way to the API. Written once: whoever reads it then takes a file
     * that is written again for a new one.
     */
    Surroundings surroundings(String address, String bearer) {
        return surroundings.computeIfAbsent(
                List.of(address, bearer), way -> written(address, bearer));
    }

    private Surroundings written(String address, String bearer) {
        Path file =
                cluster.file(
                        "kubeconfig-"
                                + namespace
                                + "-"
                                + Integer.toHexString((address + bearer).hashCode()));
        try {
            Files.writeString(
                    file,
                    """
                    apiVersion: v1
                    kind: Config
                    clusters:
                    - name: there
                      cluster: {server: "https://%s", certificate-authority: "%s"}
                    users:
                    - name: me
                      user: {token: "%s"}
                    contexts:
                    - name: here
                      context: {cluster: there, user: me}
                    current-context: here
                    """
                            .formatted(address, cluster.certificates().file("ca.pem"), bearer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Surroundings(
                Map.of("KUBECONFIG", file.toString()), Path.of("/nonexistent"), Path.of("/"));
    }
}
