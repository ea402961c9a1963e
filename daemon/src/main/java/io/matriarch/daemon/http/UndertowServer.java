package io.matriarch.daemon.http;

import io.matriarch.engine.config.RestApiConfig;
import io.matriarch.engine.rest.TlsContexts;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.SslClientAuthMode;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/**
 * Undertow. Connections are served by two event-loop threads and hold no thread while they are
 * idle; what a silent or slow client may take is bounded by time everywhere. The worker outlives
 * the listener, so that a changed certificate or address never cuts off a running request.
 */
final class UndertowServer implements HttpServer {
    private static final Logger LOG = LoggerFactory.getLogger(UndertowServer.class);
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final long MAX_BODY_BYTES = 1024 * 1024;
    private static final int BACKLOG = 1024;
    private static final int MOST_CONNECTIONS = 8192;

    private final ExchangeHandler handler;
    private final Limits limits;
    private final XnioWorker worker;
    private Undertow undertow;

    /**
     * @param config in force when a request is answered
     * @throws IOException if no threads can be started
     */
    UndertowServer(Endpoint endpoint, Supplier<RestApiConfig> config, Limits limits)
            throws IOException {
        this.limits = limits;
        this.handler = new ExchangeHandler(endpoint, config, limits.body());
        this.worker =
                Xnio.getInstance(UndertowServer.class.getClassLoader())
                        .createWorker(
                                OptionMap.builder()
                                        .set(Options.WORKER_NAME, "rest")
                                        .set(Options.WORKER_IO_THREADS, 2)
                                        // These run TLS handshakes, and nothing else.
                                        .set(Options.WORKER_TASK_CORE_THREADS, 2)
                                        .set(Options.WORKER_TASK_MAX_THREADS, 2)
                                        .set(Options.THREAD_DAEMON, true)
                                        .set(Options.TCP_NODELAY, true)
                                        .set(Options.CONNECTION_HIGH_WATER, MOST_CONNECTIONS)
                                        .set(Options.CONNECTION_LOW_WATER, MOST_CONNECTIONS - 1)
                                        .getMap());
    }

    @Override
    public synchronized void listen(RestApiConfig config) throws IOException {
        Undertow.Builder builder =
                Undertow.builder()
                        .setWorker(worker)
                        .setServerOption(
                                UndertowOptions.REQUEST_PARSE_TIMEOUT, millis(limits.headers()))
                        .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, millis(limits.idle()))
                        .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
                        .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, MAX_BODY_BYTES)
                        .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
                        .setServerOption(UndertowOptions.ALWAYS_SET_DATE, true)
                        .setServerOption(UndertowOptions.DECODE_URL, false)
                        .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
                        .setServerOption(UndertowOptions.RECORD_REQUEST_START_TIME, true)
                        .setSocketOption(Options.REUSE_ADDRESSES, true)
                        .setSocketOption(Options.WRITE_TIMEOUT, millis(limits.write()))
                        .setSocketOption(Options.BACKLOG, BACKLOG)
                        .setHandler(handler);
        addListeners(builder, config);
        Undertow next = builder.build();
        try {
            next.start();
        } catch (RuntimeException e) {
            next.stop();
            throw new IOException(
                    "the REST API cannot listen at "
                            + config.listen()
                            + ": "
                            + reason(e)
                            + "; free the address or change restapi.listen",
                    e);
        }
        undertow = next;
        LOG.debug("the REST API listens at {}", config.listen());
    }

    private static void addListeners(Undertow.Builder builder, RestApiConfig config) {
        for (String configured : config.listen().hosts()) {
            // The wildcard is the dual-stack one where the machine has IPv6.
            String host =
                    configured.equals("*")
                            ? new InetSocketAddress(0).getAddress().getHostAddress()
                            : configured;
            if (config.certFile().isEmpty()) {
                builder.addHttpListener(config.listen().port(), host);
                continue;
            }
            SSLContext context = TlsContexts.server(config);
            Undertow.ListenerBuilder listener =
                    new Undertow.ListenerBuilder()
                            .setType(Undertow.ListenerType.HTTPS)
                            .setPort(config.listen().port())
                            .setHost(host)
                            .setSslContext(context)
                            .setOverrideSocketOptions(tlsOptions(config, context));
            builder.addListener(listener);
        }
    }

    private static OptionMap tlsOptions(RestApiConfig config, SSLContext context) {
        OptionMap.Builder options =
                OptionMap.builder()
                        .set(
                                Options.SSL_CLIENT_AUTH_MODE,
                                switch (config.verifyClient()) {
                                    case "required" -> SslClientAuthMode.REQUIRED;
                                    case "optional" -> SslClientAuthMode.REQUESTED;
                                    default -> SslClientAuthMode.NOT_REQUESTED;
                                });
        ciphers(config, context)
                .ifPresent(
                        list -> {
                            list.ignored().forEach(UndertowServer::warn);
                            options.setSequence(
                                    Options.SSL_ENABLED_CIPHER_SUITES,
                                    list.suites().toArray(String[]::new));
                        });
        return options.getMap();
    }

    /**
     * @throws IllegalArgumentException one sentence, if the list leaves no cipher
     */
    static Optional<CipherList> ciphers(RestApiConfig config, SSLContext context) {
        String[] supported = context.getSupportedSSLParameters().getCipherSuites();
        return config.ciphers()
                .filter(text -> !text.isBlank())
                .map(text -> CipherList.of(text, supported));
    }

    private static void warn(String item) {
        LOG.warn(
                "restapi.ciphers: '{}' is no cipher or word that is known here, it is ignored",
                item);
    }

    private static int millis(Duration time) {
        return Math.toIntExact(time.toMillis());
    }

    private static String reason(RuntimeException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    @Override
    public synchronized void stopListening() {
        if (undertow != null) {
            undertow.stop();
            undertow = null;
        }
    }

    @Override
    public synchronized InetSocketAddress address() {
        if (undertow == null) {
            throw new IllegalStateException("the REST API does not listen");
        }
        return (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    }

    @Override
    public void close() {
        stopListening();
        worker.shutdown();
        try {
            if (!worker.awaitTermination(1, TimeUnit.SECONDS)) {
                worker.shutdownNow();
            }
        } catch (InterruptedException e) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
