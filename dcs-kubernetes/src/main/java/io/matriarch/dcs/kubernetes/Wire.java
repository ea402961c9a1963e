package io.matriarch.dcs.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.matriarch.spi.DcsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Owns the client library's HTTP client and makes it anew when a file of its credentials was
 * replaced. HTTP/1.1 on purpose: a request that was given up takes its connection with it, so that
 * a dead connection never swallows the next one.
 */
final class Wire implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
    private static final long FILES_CHECKED = Duration.ofMinutes(1).toNanos();

    /** What is neither in a file nor the token of a Pod may have been replaced after this time. */
    private static final long DOUBTED = Duration.ofSeconds(5).toNanos();

    /** A client made of the files as they were. */
    private record Made(
            Config config,
            HttpClient named,
            HttpClient unnamed,
            List<FileTime> times,
            long madeAt) {
        void close() {
            named.close();
            unnamed.close();
        }
    }

    /** A request on its way. */
    record Sent<T>(CompletableFuture<T> answer, Runnable giveUp) {}

    private final Access access;
    private Made made;
    private long checkedAt;
    private boolean closed;
    private volatile long generation;

    Wire(Access access) {
        this.access = access;
    }

    /** Where the configuration says that the API server is. */
    URI configured() {
        return URI.create(current().config().getMasterUrl());
    }

    Sent<Reply> send(Server server, ApiRequest request, long nanos) {
        HttpClient client = client(server);
        HttpRequest.Builder builder =
                client.newHttpRequestBuilder()
                        .uri(server.at(request.target()))
                        .setHeader("Accept", "application/json")
                        .timeout(TimeUnit.NANOSECONDS.toMillis(nanos) + 1, TimeUnit.MILLISECONDS);
        String body = request.body().map(Json::compact).orElse(null);
        builder.method(request.method(), body == null ? null : request.contentType(), body);
        Download download = new Download();
        CompletableFuture<Reply> answer =
                begin(client, builder.build(), download)
                        .thenCompose(download::rest)
                        .thenApply(response -> download.reply(response, request.answeredInJson()));
        return new Sent<>(answer, download::giveUp);
    }

    /**
     * Opens a stream that has no end of its own.
     *
     * @param patience for the beginning of the answer
     * @param bytes gets what arrives, on a thread of the library
     * @return completes with the HTTP code when the stream stands; {@code ended} of the stream when
     *     it is over
     */
    Sent<Integer> stream(
            Server server,
            String target,
            Duration patience,
            Consumer<byte[]> bytes,
            CompletableFuture<Void> ended) {
        HttpClient client = client(server);
        HttpRequest request =
                client.newHttpRequestBuilder()
                        .uri(server.at(target))
                        .setHeader("Accept", "application/json")
                        .forStreaming()
                        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                        .build();
        Download download = new Download(bytes);
        CompletableFuture<Integer> standing =
                begin(client, request, download)
                        .thenApply(
                                response -> {
                                    download.rest(response)
                                            .whenComplete((r, failure) -> end(ended, failure));
                                    return response.code();
                                });
        return new Sent<>(standing, download::giveUp);
    }

    /**
     * Another thread may have thrown the client away meanwhile, with its credentials: then nothing
     * was sent, and the next try has a new one.
     */
    private static CompletableFuture<HttpResponse<AsyncBody>> begin(
            HttpClient client, HttpRequest request, Download download) {
        try {
            return client.consumeBytes(request, download);
        } catch (IllegalStateException | RejectedExecutionException e) {
            ConnectException thrownAway = new ConnectException("the connection was replaced");
            thrownAway.initCause(e);
            return CompletableFuture.failedFuture(thrownAway);
        }
    }

    private static void end(CompletableFuture<Void> ended, Throwable failure) {
        if (failure == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(failure);
        }
    }

    private HttpClient client(Server server) {
        Made now = current();
        return server.named() ? now.named() : now.unnamed();
    }

    /**
     * After a refusal of the credentials: the next request reads the token, and the files if one
     * changed. Clients have threads and sockets that outlive them for a while, so credentials that
     * are refused all the time do not cost a new pair of them each time.
     */
    synchronized void doubt() {
        access.doubtToken();
        if (made != null && (replaced() || System.nanoTime() - made.madeAt() > DOUBTED)) {
            discard();
        }
    }

    private boolean replaced() {
        return !made.times().equals(times(access.files(made.config())));
    }

    /** Changes when clients are thrown away, and streams with them. */
    long generation() {
        return generation;
    }

    private void discard() {
        if (made != null) {
            generation++;
            made.close();
            made = null;
        }
    }

    private synchronized Made current() {
        if (closed) {
            throw new DcsException.NotApplied("the connection to Kubernetes was closed");
        }
        long now = System.nanoTime();
        if (made != null && now - checkedAt >= FILES_CHECKED) {
            checkedAt = now;
            if (replaced()) {
                discard();
            }
        }
        if (made == null) {
            checkedAt = now;
            made = make();
        }
        return made;
    }

    private Made make() {
        Config config = access.config();
        List<FileTime> times = times(access.files(config));
        try {
            TrustManager[] authorities = SSLUtils.trustManagers(config);
            HttpClient named = new JdkHttpClientFactory().newBuilder(config).build();
            HttpClient unnamed =
                    new JdkHttpClientFactory()
                            .newBuilder(config)
                            .sslContext(SSLUtils.keyManagers(config), anyName(authorities))
                            .build();
            return new Made(config, named, unnamed, times, System.nanoTime());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new DcsException.Misconfigured(
                    "the credentials for the Kubernetes API cannot be used ("
                            + e
                            + "); correct cacert, the service account or the kubeconfig file",
                    e);
        }
    }

    private static TrustManager[] anyName(TrustManager[] authorities) {
        if (authorities == null) {
            return null;
        }
        TrustManager[] lenient = new TrustManager[authorities.length];
        for (int i = 0; i < lenient.length; i++) {
            lenient[i] =
                    authorities[i] instanceof X509TrustManager strict
                            ? new AnyName(strict)
                            : authorities[i];
        }
        return lenient;
    }

    private static List<FileTime> times(List<Path> files) {
        List<FileTime> times = new ArrayList<>();
        for (Path file : files) {
            try {
                times.add(Files.getLastModifiedTime(file));
            } catch (IOException e) {
                // Being replaced, or missing: whoever reads it says so.
                times.add(FileTime.fromMillis(0));
            }
        }
        return times;
    }

    @Override
    public synchronized void close() {
        closed = true;
        discard();
    }

    /** Collects a body, or passes it on piece by piece; can be given up at any moment. */
    private static final class Download implements AsyncBody.Consumer<List<ByteBuffer>> {
        private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
        private final Consumer<byte[]> sink;
        private AsyncBody body;
        private boolean givenUp;

        Download() {
            this.sink = collected::writeBytes;
        }

        Download(Consumer<byte[]> sink) {
            this.sink = sink;
        }

        @Override
        public void consume(List<ByteBuffer> pieces, AsyncBody from) {
            for (ByteBuffer piece : pieces) {
                byte[] bytes = new byte[piece.remaining()];
                piece.get(bytes);
                sink.accept(bytes);
            }
            from.consume();
        }

        CompletableFuture<HttpResponse<AsyncBody>> rest(HttpResponse<AsyncBody> response) {
            synchronized (this) {
                body = response.body();
                if (givenUp) {
                    body.cancel();
                }
            }
            response.body().consume();
            return response.body().done().thenApply(done -> response);
        }

        Reply reply(HttpResponse<AsyncBody> response, boolean json) {
            int code = response.code();
            byte[] bytes = collected.toByteArray();
            return new Reply(
                    code,
                    json && bytes.length > 0 ? parsed(code, bytes) : Json.object(),
                    Optional.ofNullable(response.header("Retry-After")).flatMap(Download::seconds),
                    false);
        }

        /** The form with a date is not one of API servers. */
        private static Optional<Duration> seconds(String text) {
            try {
                return Optional.of(Duration.ofSeconds(Long.parseLong(text.trim())));
            } catch (NumberFormatException e) {
                LOG.debug("not a number of seconds in Retry-After: {}", text);
                return Optional.empty();
            }
        }

        /** Proxies and load balancers explain themselves in other languages. */
        private static JsonNode parsed(int code, byte[] bytes) {
            try {
                return Json.parse(bytes);
            } catch (UnusableAnswer e) {
                if (code / 100 == 2) {
                    throw e;
                }
                return Json.object();
            }
        }

        synchronized void giveUp() {
            givenUp = true;
            if (body != null) {
                body.cancel();
            }
        }
    }
}
