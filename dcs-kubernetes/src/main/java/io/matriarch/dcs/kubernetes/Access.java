package io.matriarch.dcs.kubernetes;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.matriarch.spi.DcsException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the API server is and what convinces it: the service account in a Pod, else a kubeconfig
 * file as kubectl reads it. Immutable but for the token, which renews itself.
 */
final class Access {
    /** What the peer takes from a kubeconfig file if nothing is configured. */
    private static final String USUAL_CONTEXT = "kind-kind";

    private final KubernetesSettings settings;
    private final Surroundings surroundings;
    private final Optional<TokenFile> token;

    Access(KubernetesSettings settings, Surroundings surroundings) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.token =
                inPod(surroundings)
                        ? Optional.of(new TokenFile(surroundings.serviceAccount().resolve("token")))
                        : Optional.empty();
    }

    private static boolean inPod(Surroundings around) {
        return around.variable("KUBERNETES_SERVICE_HOST").isPresent()
                && around.variable("KUBERNETES_SERVICE_PORT").isPresent()
                && Files.isReadable(around.serviceAccount().resolve("token"));
    }

    /** The API server refused the token: it may have been replaced meanwhile. */
    void doubtToken() {
        token.ifPresent(TokenFile::doubt);
    }

    /**
     * The client's configuration, from the files as they are now.
     *
     * @throws DcsException.Misconfigured if there is none, or its files cannot be used
     */
    Config config() {
        Config config = token.map(this::ofServiceAccount).orElseGet(this::ofFile);
        settings.authority().ifPresent(file -> config.setCaCertFile(file.toString()));
        if (settings.authority().isPresent()) {
            config.setCaCertData(null);
        }
        // Retries and their time belong to the caller's deadline.
        config.setRequestRetryBackoffLimit(0);
        config.setHttp2Disable(true);
        return config;
    }

    private Config ofServiceAccount(TokenFile source) {
        String host = surroundings.variable("KUBERNETES_SERVICE_HOST").orElseThrow();
        String port = surroundings.variable("KUBERNETES_SERVICE_PORT").orElseThrow();
        Config config = Config.empty();
        config.setMasterUrl(
                "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        config.setOauthTokenProvider(source::token);
        Path authority = surroundings.serviceAccount().resolve("ca.crt");
        if (Files.isReadable(authority)) {
            config.setCaCertFile(authority.toString());
        }
        return config;
    }

    private Config ofFile() {
        List<Path> files = kubeconfigs();
        List<String> known = new ArrayList<>();
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                continue;
            }
            Config config = parsed(file, null);
            List<String> names = config.getContexts().stream().map(NamedContext::getName).toList();
            known.addAll(names);
            Optional<String> wanted =
                    settings.context()
                            .or(() -> Optional.of(USUAL_CONTEXT).filter(names::contains))
                            .or(
                                    () ->
                                            Optional.ofNullable(config.getCurrentContext())
                                                    .map(NamedContext::getName));
            if (wanted.filter(names::contains).isPresent()) {
                return parsed(file, wanted.get());
            }
        }
        throw new DcsException.Misconfigured(
                "no way to the Kubernetes API: this is not a Pod with a service account, and "
                        + (known.isEmpty()
                                ? "there is no kubeconfig file at " + files
                                : "the kubeconfig file has no context "
                                        + settings.context().orElse("that is current")
                                        + " but "
                                        + known)
                        + "; set KUBECONFIG or kubernetes.context");
    }

    private static Config parsed(Path file, String context) {
        try {
            return Config.fromKubeconfig(context, file.toFile());
        } catch (RuntimeException e) {
            throw new DcsException.Misconfigured(
                    "the kubeconfig file " + file + " cannot be used (" + e + "); correct it", e);
        }
    }

    private List<Path> kubeconfigs() {
        return surroundings
                .variable("KUBECONFIG")
                .map(
                        list ->
                                Arrays.stream(list.split(File.pathSeparator))
                                        .filter(name -> !name.isBlank())
                                        .map(Path::of)
                                        .toList())
                .orElseGet(() -> List.of(surroundings.home().resolve(".kube").resolve("config")));
    }

    /** The files that a client reads once: when one is replaced, the client must be made anew. */
    List<Path> files(Config config) {
        return Stream.concat(
                        Stream.of(
                                        config.getCaCertFile(),
                                        config.getClientCertFile(),
                                        config.getClientKeyFile())
                                .filter(Objects::nonNull)
                                .map(Path::of),
                        token.isPresent() ? Stream.empty() : kubeconfigs().stream())
                .toList();
    }
}
