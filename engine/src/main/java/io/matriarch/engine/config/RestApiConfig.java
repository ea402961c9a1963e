package io.matriarch.engine.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The REST server's settings.
 *
 * @param listen where to listen; host {@code *} or empty means all
 * @param connectAddress what is published
 * @param username basic auth for unsafe requests, with {@code password}
 * @param certFile PEM; present = TLS
 * @param verifyClient {@code none}, {@code optional} or {@code required}
 * @param allowlist networks and hosts that may send unsafe requests; empty = all
 * @param extraHeaders added to full answers (https ones already merged in when TLS is on)
 */
public record RestApiConfig(
        HostPort listen,
        HostPort connectAddress,
        Optional<String> username,
        Optional<String> password,
        Optional<String> certFile,
        Optional<String> keyFile,
        Optional<String> keyFilePassword,
        Optional<String> caFile,
        Optional<String> ciphers,
        String verifyClient,
        List<String> allowlist,
        boolean allowlistIncludeMembers,
        Map<String, String> extraHeaders,
        String serverTokens) {
    /** {@code http://host:port/patroni} or https. */
    public String apiUrl() {
        return (certFile.isPresent() ? "https" : "http") + "://" + connectAddress + "/patroni";
    }

    @Override
    public String toString() {
        return "RestApiConfig[" + listen + "]";
    }
}
