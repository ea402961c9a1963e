package io.matriarch.daemon.http;

import io.matriarch.engine.config.RestApiConfig;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * All that is known of the server library: it listens, reads whole requests, and sends what the
 * endpoint answers.
 */
interface HttpServer extends AutoCloseable {
    /**
     * Starts to listen. Requests that a former listener accepted are still answered.
     *
     * @throws IOException one sentence, if the address cannot be used
     * @throws IllegalArgumentException one sentence, if a TLS file is unusable
     */
    void listen(RestApiConfig config) throws IOException;

    /** Stops to listen; requests that were accepted are still answered. */
    void stopListening();

    /** Where it listens. */
    InetSocketAddress address();

    /** Ends all threads. */
    @Override
    void close();
}
