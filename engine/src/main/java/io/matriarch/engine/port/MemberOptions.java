package io.matriarch.engine.port;

import io.matriarch.engine.model.Tags;
import java.util.Map;
import java.util.Optional;

/**
 * What the local configuration, merged with the dynamic one, says to the engine.
 *
 * @param name the member
 * @param scope the cluster
 * @param connUrl published
 * @param apiUrl published
 * @param proxyUrl published, if there is a pooler
 * @param tags published
 * @param bootstrap the first dynamic configuration; empty if this member may not bootstrap
 * @param usePgRewind a former primary may be rewound
 * @param removeOnDivergedTimelines it may be wiped instead
 * @param removeOnRewindFailure it may be wiped after a failed rewind
 */
public record MemberOptions(
        String name,
        String scope,
        String connUrl,
        String apiUrl,
        Optional<String> proxyUrl,
        Tags tags,
        Optional<Map<String, Object>> bootstrap,
        boolean usePgRewind,
        boolean removeOnDivergedTimelines,
        boolean removeOnRewindFailure) {
    /** Makes the options anew for each dynamic document, and after a reload of the local one. */
    @FunctionalInterface
    public interface Source {
        /**
         * @param document the dynamic configuration
         */
        MemberOptions options(Map<String, Object> document);
    }
}
