package io.matriarch.dcs.kubernetes;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One request to the API server. All writes are of a kind that can be sent twice: guarded by a
 * resourceVersion, a creation, or a value that only this member writes.
 *
 * @param what what it is for, for messages
 * @param target path and query
 */
record ApiRequest(
        String what, String method, String target, String contentType, Optional<JsonNode> body) {
    private static final String JSON = "application/json";
    private static final String READY = "/readyz";

    /** Lists are replaced as a whole, null removes. */
    private static final String PATCH = "application/strategic-merge-patch+json";

    static ApiRequest get(String what, String target) {
        return new ApiRequest(what, "GET", target, JSON, Optional.empty());
    }

    /** Asks whether the server has all that it decides by; every account may, unless forbidden. */
    static ApiRequest readiness() {
        return get("asking whether the API server is ready", READY);
    }

    static ApiRequest create(String what, String target, JsonNode document) {
        return new ApiRequest(what, "POST", target, JSON, Optional.of(document));
    }

    static ApiRequest patch(String what, String target, JsonNode changes) {
        return new ApiRequest(what, "PATCH", target, PATCH, Optional.of(changes));
    }

    static ApiRequest delete(String what, String target) {
        return new ApiRequest(what, "DELETE", target, JSON, Optional.empty());
    }

    /** The readiness is told in plain text. */
    boolean answeredInJson() {
        return !target.equals(READY);
    }

    boolean writes() {
        return !method.equals("GET");
    }
}
