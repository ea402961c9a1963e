package io.matriarch.daemon.http;

import io.matriarch.engine.codec.Product;
import io.matriarch.engine.config.RestApiConfig;
import io.matriarch.engine.rest.RequestTarget;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.SSLSessionInfo;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.SameThreadExecutor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioExecutor;

/** Turns what Undertow read into a {@link Request}, and a {@link Response} into what it writes. */
final class ExchangeHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeHandler.class);
    private static final int TOO_LARGE = 413;

    private final Endpoint endpoint;
    private final Supplier<RestApiConfig> config;
    private final Duration bodyTime;

    ExchangeHandler(Endpoint endpoint, Supplier<RestApiConfig> config, Duration bodyTime) {
        this.endpoint = endpoint;
        this.config = config;
        this.bodyTime = bodyTime;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        long start = System.nanoTime();
        exchange.addExchangeCompleteListener(
                (done, next) -> {
                    log(done, start);
                    next.proceed();
                });
        boolean announced =
                exchange.getRequestHeaders().contains(Headers.CONTENT_LENGTH)
                        || exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING);
        if (!announced) {
            answer(exchange, Optional.empty());
            return;
        }
        XnioExecutor.Key limit =
                exchange.getIoThread()
                        .executeAfter(
                                () -> drop(exchange.getConnection()),
                                bodyTime.toMillis(),
                                TimeUnit.MILLISECONDS);
        exchange.getRequestReceiver()
                .receiveFullBytes(
                        (received, bytes) -> {
                            limit.remove();
                            answer(
                                    received,
                                    Optional.of(new String(bytes, StandardCharsets.UTF_8)));
                        },
                        (failed, error) -> {
                            limit.remove();
                            LOG.debug("a request's body could not be read", error);
                            failed.setPersistent(false);
                            send(failed, Response.page(TOO_LARGE));
                        });
    }

    /** A client that sends its body drop by drop is cut off. */
    private static void drop(Closeable connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("a slow connection did not close cleanly", e);
        }
    }

    private void answer(HttpServerExchange exchange, Optional<String> body) {
        Request request = request(exchange, body);
        exchange.dispatch(
                SameThreadExecutor.INSTANCE,
                () ->
                        endpoint.answer(request)
                                .whenComplete(
                                        (response, failure) -> {
                                            if (failure == null) {
                                                send(exchange, response);
                                            } else {
                                                LOG.error(
                                                        "a request could not be answered", failure);
                                                send(
                                                        exchange,
                                                        Response.text(500, "internal error"));
                                            }
                                        }));
    }

    private static Request request(HttpServerExchange exchange, Optional<String> body) {
        return new Request(
                exchange.getRequestMethod().toString(),
                RequestTarget.of(exchange.getRequestURI(), exchange.getQueryString()),
                body,
                Optional.ofNullable(exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION)),
                exchange.getSourceAddress().getAddress(),
                verifiedClient(exchange));
    }

    private static boolean verifiedClient(HttpServerExchange exchange) {
        SSLSessionInfo session = exchange.getConnection().getSslSessionInfo();
        if (session == null) {
            return false;
        }
        try {
            return session.getPeerCertificates().length > 0;
        } catch (javax.net.ssl.SSLPeerUnverifiedException
                | io.undertow.server.RenegotiationRequiredException e) {
            // The handshake would have failed on a bad certificate: there was none.
            return false;
        }
    }

    private void send(HttpServerExchange exchange, Response response) {
        exchange.setStatusCode(response.status());
        exchange.getResponseHeaders().put(Headers.SERVER, serverToken());
        response.headers()
                .forEach(
                        (name, value) ->
                                exchange.getResponseHeaders().put(new HttpString(name), value));
        response.contentType()
                .ifPresent(type -> exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type));
        if (response.extraHeaders()) {
            config.get()
                    .extraHeaders()
                    .forEach(
                            (name, value) ->
                                    exchange.getResponseHeaders().put(new HttpString(name), value));
        }
        exchange.getResponseSender().send(response.body(), StandardCharsets.UTF_8);
    }

    private String serverToken() {
        return config.get().serverTokens().toLowerCase(Locale.ROOT).equals("minimal")
                ? "Matriarch/" + Product.version()
                : "Matriarch";
    }

    private static void log(HttpServerExchange exchange, long start) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "API thread: {} - - \"{} {} {}\" {} - latency: {} ms",
                    exchange.getSourceAddress().getAddress().getHostAddress(),
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    exchange.getProtocol(),
                    exchange.getStatusCode(),
                    String.format(Locale.ROOT, "%.3f", (System.nanoTime() - start) / 1e6));
        }
    }
}
