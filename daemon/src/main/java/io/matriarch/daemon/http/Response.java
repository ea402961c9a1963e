package io.matriarch.daemon.http;

import io.matriarch.engine.codec.Json;
import io.matriarch.engine.port.MemberControl.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is sent back.
 *
 * @param contentType absent for an answer that is nothing but its status
 * @param headers besides the content type
 * @param extraHeaders whether the configured headers are added
 */
record Response(
        int status,
        Optional<String> contentType,
        String body,
        Map<String, String> headers,
        boolean extraHeaders) {
    Response {
        headers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** Nothing but a status. */
    static Response bare(int status) {
        return new Response(status, Optional.empty(), "", Map.of(), false);
    }

    /** A document, in the peer's style: a space after each comma and colon. */
    static Response json(int status, Object document) {
        return new Response(
                status, Optional.of("application/json"), Json.spaced(document), Map.of(), true);
    }

    /** Bare text; clients of the peer expect it under this type. */
    static Response text(int status, String body) {
        return new Response(status, Optional.of("text/html"), body, Map.of(), true);
    }

    static Response of(Reply reply) {
        return text(reply.status(), reply.body());
    }

    /** The page that the peer answers a malformed request with. */
    static Response page(int status) {
        return ErrorPage.of(status);
    }

    Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, contentType, body, more, extraHeaders);
    }
}
