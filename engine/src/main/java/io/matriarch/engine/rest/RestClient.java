package io.matriarch.engine.rest;

import io.matriarch.engine.codec.Product;
import io.matriarch.engine.config.CtlConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls the REST API of members. An answer of any status is an {@link Answer}; none within the
 * budget is {@link Unreachable}. Safe for use by any thread; all its own threads are daemon threads
 * and end when it is idle.
 */
public final class RestClient {
    private static final int THREADS = 3;

    private final HttpClient client;
    private final Optional<String> authorization;

    private RestClient(CtlConfig config, boolean insecure, Duration connectTimeout) {
        client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(connectTimeout)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .sslContext(TlsContexts.client(config, insecure))
                        .executor(executor())
                        .build();
        authorization =
                config.username()
                        .map(
                                name ->
                                        "Basic "
                                                + Base64.getEncoder()
                                                        .encodeToString(
                                                                (name
                                                                                + ":"
                                                                                + config.password()
                                                                                        .orElse(""))
                                                                        .getBytes(
                                                                                StandardCharsets
                                                                                        .UTF_8)));
    }

    /**
     * As an operator's tool: servers are verified unless the configuration says otherwise.
     *
     * @throws IllegalArgumentException if a TLS file is unusable
     */
    public static RestClient ofOperator(CtlConfig config) {
        return new RestClient(config, config.insecure(), Duration.ofSeconds(3));
    }

    /**
     * As a member that calls others: with a client certificate their chain is verified, but never
     * their name.
     *
     * @throws IllegalArgumentException if a TLS file is unusable
     */
    public static RestClient ofMember(CtlConfig config) {
        return new RestClient(config, true, Duration.ofSeconds(2));
    }

    /**
     * @param url a member's api_url; its path is replaced
     * @param budget for everything, the connection included
     */
    public Answer get(String url, String path, Duration budget) throws Unreachable {
        return call("GET", url, path, Optional.empty(), budget);
    }

    public Answer post(String url, String path, String body, Duration budget) throws Unreachable {
        return call("POST", url, path, Optional.of(body), budget);
    }

    public Answer patch(String url, String path, String body, Duration budget) throws Unreachable {
        return call("PATCH", url, path, Optional.of(body), budget);
    }

    public Answer put(String url, String path, String body, Duration budget) throws Unreachable {
        return call("PUT", url, path, Optional.of(body), budget);
    }

    public Answer delete(String url, String path, Duration budget) throws Unreachable {
        return call("DELETE", url, path, Optional.empty(), budget);
    }

    /**
     * The same without waiting. The stage completes with the answer, or exceptionally with {@link
     * Unreachable}, soon after the budget at the latest.
     */
    public CompletableFuture<Answer> send(
            String method, String url, String path, Optional<String> body, Duration budget) {
        URI uri;
        try {
            uri = uri(url, path);
        } catch (Unreachable e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<HttpResponse<String>> exchange =
                client.sendAsync(
                        request(method, uri, body, budget),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        return exchange.copy()
                .orTimeout(Math.max(1, budget.toMillis()), TimeUnit.MILLISECONDS)
                .handle(
                        (response, failure) -> {
                            if (failure == null) {
                                return answer(response);
                            }
                            // The client's own timeout ends with the headers; a body may still
                            // hang.
                            exchange.cancel(true);
                            throw new CompletionException(unreachable(uri, failure, budget));
                        });
    }

    private Answer call(
            String method, String url, String path, Optional<String> body, Duration budget)
            throws Unreachable {
        try {
            return send(method, url, path, body, budget).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Unreachable unreachable) {
                throw unreachable;
            }
            throw new Unreachable(url + " could not be called: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("the call of " + url + " was interrupted", e);
        }
    }

    private HttpRequest request(String method, URI uri, Optional<String> body, Duration budget) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .timeout(
                                budget.isZero() || budget.isNegative()
                                        ? Duration.ofMillis(1)
                                        : budget)
                        .header("User-Agent", "Matriarch/" + Product.version())
                        .method(
                                method,
                                body.map(HttpRequest.BodyPublishers::ofString)
                                        .orElseGet(HttpRequest.BodyPublishers::noBody));
        body.ifPresent(text -> request.header("Content-Type", "application/json"));
        authorization.ifPresent(value -> request.header("Authorization", value));
        return request.build();
    }

    private static URI uri(String url, String path) throws Unreachable {
        try {
            URI base = new URI(url);
            boolean http = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
            if (!http || base.getHost() == null) {
                throw new URISyntaxException(url, "not an address of a REST API");
            }
            return new URI(base.getScheme() + "://" + base.getRawAuthority() + path);
        } catch (URISyntaxException e) {
            throw new Unreachable("\"" + url + "\" is no usable address", e);
        }
    }

    private static Answer answer(HttpResponse<String> response) {
        Map<String, String> headers = new LinkedHashMap<>();
        response.headers()
                .map()
                .forEach(
                        (name, values) ->
                                headers.put(
                                        name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
        return new Answer(response.statusCode(), response.body(), headers);
    }

    private static Unreachable unreachable(URI uri, Throwable failure, Duration budget) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        boolean late =
                cause instanceof TimeoutException
                        || cause instanceof java.net.http.HttpTimeoutException;
        String why =
                late
                        ? "no answer within " + budget.toMillis() + " ms"
                        : cause instanceof java.net.ConnectException
                                ? "connection refused"
                                : cause.getMessage() == null
                                        ? cause.getClass().getSimpleName()
                                        : cause.getMessage();
        return new Unreachable(
                uri.getScheme() + "://" + uri.getRawAuthority() + " is not reachable: " + why,
                cause);
    }

    private static ThreadPoolExecutor executor() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread thread = new Thread(task, "rest-client");
                            thread.setDaemon(true);
                            return thread;
                        });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
