package io.matriarch.dcs.consul;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HostnameVerifier;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.DefaultHostnameVerifier;
import org.apache.http.conn.ssl.NoopHostnameVerifier;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to the agent for one purpose. They are made anew when a file for TLS was
 * replaced. Safe for any thread.
 */
final class Connections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    /** More requests than this at a time wait; the engine has a few, a watch has one. */
    private static final int MOST = 16;

    /** A connection that was idle for longer is tried before it is used. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** A name is looked up again after this time. */
    private static final Duration LIFE = Duration.ofMinutes(1);

    private final boolean encrypted;
    private final Tls tls;
    private CloseableHttpClient client;
    private boolean closed;

    Connections(boolean encrypted, Tls tls) {
        this.encrypted = encrypted;
        this.tls = tls;
    }

    synchronized CloseableHttpClient client() {
        if (client != null && !closed && encrypted && tls.changed()) {
            LOG.info("a file for TLS to Consul was replaced, connecting anew");
            end(client);
            client = null;
        }
        if (client == null) {
            client = made();
        }
        return client;
    }

    private CloseableHttpClient made() {
        RegistryBuilder<ConnectionSocketFactory> sockets = RegistryBuilder.create();
        sockets.register("http", PlainConnectionSocketFactory.getSocketFactory());
        if (encrypted) {
            HostnameVerifier names =
                    tls.verifies() ? new DefaultHostnameVerifier() : NoopHostnameVerifier.INSTANCE;
            sockets.register("https", new SSLConnectionSocketFactory(tls.context(), names));
        }
        PoolingHttpClientConnectionManager pool =
                new PoolingHttpClientConnectionManager(
                        sockets.build(), null, null, null, LIFE.toMillis(), TimeUnit.MILLISECONDS);
        pool.setMaxTotal(MOST);
        pool.setDefaultMaxPerRoute(MOST);
        pool.setValidateAfterInactivity((int) IDLE.toMillis());
        // Repetitions are decided on in one place, Calls; a hidden one would apply a write twice.
        return HttpClientBuilder.create()
                .setConnectionManager(pool)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableConnectionState()
                .disableContentCompression()
                .build();
    }

    private static void end(CloseableHttpClient old) {
        try {
            old.close();
        } catch (IOException e) {
            LOG.debug("closing the connections to Consul: {}", e.toString());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            end(client);
        }
    }
}
