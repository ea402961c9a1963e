package io.matriarch.daemon.http;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Which endpoint answers which request: the method and the first path segment decide, what follows
 * in the path is ignored. GET, HEAD and OPTIONS of anything else is a health check; any other
 * method is unsupported there.
 */
final class Routes implements Endpoint {
    private static final Set<String> CHECKS = Set.of("GET", "HEAD", "OPTIONS");

    private final Map<String, Endpoint> table = new HashMap<>();
    private final Endpoint healthCheck;
    private final Function<Endpoint, Endpoint> protection;

    /**
     * @param healthCheck what answers checks without a route
     * @param protection wraps endpoints that change something
     */
    Routes(Endpoint healthCheck, Function<Endpoint, Endpoint> protection) {
        this.healthCheck = healthCheck;
        this.protection = protection;
    }

    /** A route that anybody may use. */
    Routes open(String method, String segment, Endpoint endpoint) {
        table.put(method + " " + segment, endpoint);
        return this;
    }

    /** A route that changes something. */
    Routes guarded(String method, String segment, Endpoint endpoint) {
        return open(method, segment, protection.apply(endpoint));
    }

    @Override
    public CompletionStage<Response> answer(Request request) {
        Endpoint endpoint = table.get(request.method() + " " + request.target().segment());
        if (endpoint != null) {
            return endpoint.answer(request);
        }
        return CHECKS.contains(request.method())
                ? healthCheck.answer(request)
                : CompletableFuture.completedFuture(ErrorPage.unsupported(request.method()));
    }
}
