package io.matriarch.dcs.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.matriarch.spi.DcsException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client per endpoint. A client that failed is thrown away: the library holds no way to reset
 * its pause between connection attempts, which grows to minutes, and keeps a token after the server
 * forgot it. Safe for any thread; no method waits for the store.
 */
final class Connections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final int LARGEST_ANSWER = 32 << 20;

    private final Optional<EtcdSettings.Credentials> credentials;
    private final Tls tls;
    private final Map<Endpoint, Client> clients = new HashMap<>();
    private Duration silence = Duration.ofSeconds(20);
    private boolean withCredentials;
    private boolean closed;

    Connections(EtcdSettings settings, Tls tls) {
        this.credentials = settings.credentials();
        this.withCredentials = credentials.isPresent();
        this.tls = tls;
    }

    /** How long a connection may be silent before it is probed. */
    synchronized void silence(Duration idle) {
        silence = idle;
    }

    synchronized Client to(Endpoint endpoint) {
        if (closed) {
            throw new DcsException.NotApplied("the connection to etcd was closed");
        }
        if (endpoint.tls() && tls.changed()) {
            LOG.info("certificate files changed, connecting to etcd anew");
            discardAll();
        }
        return clients.computeIfAbsent(endpoint, this::connect);
    }

    /** Throws a client away, if nobody did so before. */
    void discard(Client failed) {
        synchronized (this) {
            clients.values().remove(failed);
        }
        failed.close();
    }

    /** Connects without user and password from now on, because the store knows no users. */
    synchronized void withoutCredentials() {
        if (withCredentials) {
            LOG.warn("etcd has authentication disabled, username and password are not used");
        }
        withCredentials = false;
    }

    /** Connects with user and password from now on; false if there are none. */
    synchronized boolean withCredentials() {
        withCredentials = credentials.isPresent();
        return withCredentials;
    }

    @Override
    public synchronized void close() {
        closed = true;
        discardAll();
    }

    private void discardAll() {
        clients.values().forEach(Client::close);
        clients.clear();
    }

    private Client connect(Endpoint endpoint) {
        ClientBuilder builder =
                Client.builder()
                        .target(endpoint.target())
                        .loadBalancerPolicy("pick_first")
                        .waitForReady(false)
                        .retryMaxAttempts(0)
                        .connectTimeout(Duration.ofSeconds(5))
                        .keepaliveTime(silence)
                        .keepaliveTimeout(Duration.ofSeconds(5))
                        .keepaliveWithoutCalls(true)
                        .maxInboundMessageSize(LARGEST_ANSWER)
                        // An endpoint without a quorum says so at once instead of letting us wait.
                        .header("hasleader", "true")
                        .executorService(new CallerRuns())
                        .interceptor(new Attempt.Interceptor());
        if (endpoint.tls()) {
            builder.sslContext(tls.context());
        }
        if (withCredentials) {
            EtcdSettings.Credentials who = credentials.orElseThrow();
            builder.user(bytes(who.user())).password(bytes(who.password()));
        }
        return builder.build();
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
