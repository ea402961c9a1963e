package io.matriarch.daemon.http;

import io.matriarch.engine.codec.Json;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON object in a request.
 *
 * @param refusal the answer, if there is no usable one
 */
record RequestBody(Map<String, Object> object, Optional<Response> refusal) {
    /** Must be there and hold something. */
    static RequestBody required(Request request) {
        if (request.body().isEmpty()) {
            return refused(411);
        }
        RequestBody body = parsed(request.body().get());
        return body.refusal.isEmpty() && body.object.isEmpty() ? refused(400) : body;
    }

    /** May be missing, which is the same as an empty object. */
    static RequestBody optional(Request request) {
        return request.body().filter(text -> !text.isEmpty()).isEmpty()
                ? new RequestBody(Map.of(), Optional.empty())
                : parsed(request.body().get());
    }

    private static RequestBody parsed(String text) {
        try {
            return new RequestBody(Json.object(text), Optional.empty());
        } catch (IllegalArgumentException e) {
            // The client is told by the page; what exactly is wrong with its text is its own
            // affair.
            return refused(400);
        }
    }

    private static RequestBody refused(int status) {
        return new RequestBody(Map.of(), Optional.of(Response.page(status)));
    }
}
