package io.matriarch.dcs.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of a service account, which the kubelet replaces in its file about every hour. Read
 * again after a minute, and at once when the API server refused it. Thread-safe.
 */
final class TokenFile {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
    private static final long KEPT = Duration.ofMinutes(1).toNanos();

    private final Path file;
    private Optional<String> token = Optional.empty();
    private long readAt;

    TokenFile(Path file) {
        this.file = file;
    }

    synchronized String token() {
        if (token.isEmpty() || System.nanoTime() - readAt >= KEPT) {
            read();
        }
        return token.orElse("");
    }

    /** The next request reads the file. */
    synchronized void doubt() {
        readAt = System.nanoTime() - KEPT;
    }

    private void read() {
        try {
            token = Optional.of(Files.readString(file).strip());
            readAt = System.nanoTime();
        } catch (IOException e) {
            // It is being replaced, or gone: the old token serves until the API server says no.
            LOG.warn("cannot read the token of the service account, keeping the last one", e);
        }
    }
}
