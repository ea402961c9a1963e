package io.matriarch.cli;

import io.matriarch.engine.model.Member;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Requests to a member's REST server, at the address that the member published. */
interface MemberApi {
    /** For questions that a member answers from memory. */
    Duration SHORT = Duration.ofSeconds(10);

    /**
     * For requests that the member answers when the work is done. No bound would suit every
     * cluster; this one only keeps a forgotten terminal from waiting for ever.
     */
    Duration LONG = Duration.ofHours(1);

    /**
     * Blocks for at most the limit.
     *
     * @param path with its leading slash
     * @param body sent as JSON
     * @throws ApiException if there is no answer
     */
    ApiAnswer send(
            Member member,
            String method,
            String path,
            Optional<Map<String, Object>> body,
            Duration limit)
            throws ApiException;
}
