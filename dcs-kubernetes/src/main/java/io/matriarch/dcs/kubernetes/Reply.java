package io.matriarch.dcs.kubernetes;

import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the API server answered.
 *
 * @param status the HTTP code
 * @param body an object, a list, or a Status that says what is wrong
 * @param retryAfter when the server wants to be asked again
 * @param doubtful whether an earlier try of the same request may have taken effect
 */
record Reply(int status, JsonNode body, Optional<Duration> retryAfter, boolean doubtful) {
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;
    static final int TOO_MANY = 429;
    static final int SERVER_ERROR = 500;

    boolean good() {
        return status / 100 == 2;
    }

    boolean is(int code) {
        return status == code;
    }

    Reply doubtful(boolean before) {
        return new Reply(status, body, retryAfter, before);
    }

    StoredObject object() {
        return StoredObject.of(body);
    }

    /** The server's own words. */
    String message() {
        return Optional.of(body.path("message").asString(""))
                .filter(text -> !text.isEmpty())
                .orElse("HTTP code " + status);
    }
}
