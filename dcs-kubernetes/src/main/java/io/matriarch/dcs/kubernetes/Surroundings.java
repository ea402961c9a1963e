package io.matriarch.dcs.kubernetes;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a process looks for the API server and its credentials.
 *
 * @param environment the environment variables
 * @param serviceAccount the folder that a Pod finds its token and authority in
 * @param home the user's
 */
record Surroundings(Map<String, String> environment, Path serviceAccount, Path home) {
    private static final Path SERVICE_ACCOUNT =
            Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    static Surroundings ofThisProcess() {
        return new Surroundings(
                System.getenv(), SERVICE_ACCOUNT, Path.of(System.getProperty("user.home")));
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
