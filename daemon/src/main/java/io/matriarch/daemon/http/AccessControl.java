package io.matriarch.daemon.http;

import io.matriarch.engine.config.RestApiConfig;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may send a request that changes something: first the address, then the client certificate,
 * then the password; all that are configured must hold. Made anew when the configuration changes.
 */
final class AccessControl {
    private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);
    private static final String CHALLENGE = "Basic realm=\"Patroni\"";

    private final RestApiConfig config;
    private final List<Network> networks;
    private final Supplier<List<String>> memberUrls;

    /**
     * @param memberUrls the API URLs of all known members
     */
    AccessControl(RestApiConfig config, Supplier<List<String>> memberUrls) {
        this.config = config;
        this.memberUrls = memberUrls;
        networks = config.allowlist().stream().flatMap(item -> resolve(item).stream()).toList();
    }

    /** The refusal, if there is one. Blocks while names of members are looked up. */
    Optional<Response> refusal(Request request) {
        if (addressMatters() && !addressAllowed(request.peer())) {
            return Optional.of(Response.text(403, "Access is denied"));
        }
        if (config.certFile().isPresent()
                && List.of("optional", "required").contains(config.verifyClient())
                && !request.verifiedClient()) {
            return Optional.of(Response.text(403, "client certificate required"));
        }
        return password(request);
    }

    /** A list whose every item is unusable lets nobody in, not everybody. */
    private boolean addressMatters() {
        return !config.allowlist().isEmpty() || config.allowlistIncludeMembers();
    }

    private boolean addressAllowed(InetAddress peer) {
        return contains(networks, peer)
                || config.allowlistIncludeMembers()
                        && memberUrls.get().stream()
                                .anyMatch(url -> contains(resolve(host(url)), peer));
    }

    private Optional<Response> password(Request request) {
        if (config.username().isEmpty()) {
            return Optional.empty();
        }
        if (request.authorization().isEmpty()) {
            return Optional.of(challenge("no auth header received"));
        }
        String expected =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (config.username().get()
                                                        + ":"
                                                        + config.password().orElse(""))
                                                .getBytes(StandardCharsets.UTF_8));
        // Equal time for every wrong password.
        boolean equal =
                MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8),
                        request.authorization().get().getBytes(StandardCharsets.UTF_8));
        return equal ? Optional.empty() : Optional.of(challenge("not authenticated"));
    }

    private static Response challenge(String text) {
        return Response.text(401, text).with("WWW-Authenticate", CHALLENGE);
    }

    private static boolean contains(List<Network> networks, InetAddress peer) {
        return networks.stream().anyMatch(network -> network.contains(peer));
    }

    private static String host(String url) {
        String host = URI.create(url).getHost();
        return host == null ? "" : host;
    }

    private static List<Network> resolve(String item) {
        if (item.isBlank()) {
            return List.of();
        }
        try {
            return Network.parse(item.trim());
        } catch (UnknownHostException | IllegalArgumentException e) {
            LOG.warn(
                    "{} in the allowlist of the REST API cannot be used: {}", item, e.getMessage());
            return List.of();
        }
    }
}
