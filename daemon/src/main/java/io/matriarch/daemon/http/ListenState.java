package io.matriarch.daemon.http;

import io.matriarch.engine.config.HostPort;
import io.matriarch.engine.config.RestApiConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that an open listener depends on.
 *
 * @param tls what the configuration says about it
 * @param digests of the TLS files: a certificate is renewed in place, under the same name
 */
record ListenState(
        HostPort listen, List<Optional<String>> tls, String verifyClient, List<String> digests) {
    /**
     * @throws IOException if a file cannot be read; one sentence
     */
    static ListenState of(RestApiConfig config) throws IOException {
        List<String> files =
                Stream.of(config.certFile(), config.keyFile(), config.caFile())
                        .flatMap(Optional::stream)
                        .toList();
        List<String> digests = new java.util.ArrayList<>();
        for (String file : files) {
            digests.add(digest(Path.of(file)));
        }
        return new ListenState(
                config.listen(),
                List.of(
                        config.certFile(),
                        config.keyFile(),
                        config.keyFilePassword(),
                        config.caFile(),
                        config.ciphers()),
                config.verifyClient(),
                List.copyOf(digests));
    }

    private static String digest(Path file) throws IOException {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Nothing but the address: the rest may be a secret. */
    @Override
    public String toString() {
        return "ListenState[" + listen + "]";
    }
}
