package io.matriarch.daemon.http;

import java.time.Duration;

/**
 * How long a client may take.
 *
 * @param headers from its first byte to the end of the headers
 * @param idle until its first byte, a TLS handshake included, and between two requests
 * @param body from the end of the headers to the end of the body
 * @param write without taking anything of the answer
 */
record Limits(Duration headers, Duration idle, Duration body, Duration write) {
    static final Limits DEFAULT =
            new Limits(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10));
}
