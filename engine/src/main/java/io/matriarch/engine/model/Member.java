package io.matriarch.engine.model;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a member published about itself. A member that a key names but that published nothing usable
 * has every field empty.
 *
 * @param name unique in the cluster
 * @param connUrl {@code postgres://host:port/database}
 * @param apiUrl {@code http://host:port/patroni}
 * @param state text of {@link MemberState}, or {@code unknown}
 * @param role the role, if it is a known word
 * @param version the compatibility version
 * @param tags published tags
 * @param position {@code xlog_location}: flush position of a primary, the larger of received and
 *     replayed on a standby
 * @param received standby only
 * @param replayed standby only
 * @param replicationState {@code streaming} or {@code in archive recovery}
 * @param timeline 0 when unknown
 * @param checkpointAfterPromote false only while a promoted leader has not checkpointed yet: then
 *     it is no source for a rewind
 * @param pendingRestart parameter to its change; empty when none
 * @param scheduledRestart if one waits
 * @param pause whether the member has seen maintenance mode
 */
public record Member(
        String name,
        Optional<String> connUrl,
        Optional<String> apiUrl,
        String state,
        Optional<Role> role,
        Optional<String> version,
        Tags tags,
        Optional<Lsn> position,
        Optional<Lsn> received,
        Optional<Lsn> replayed,
        Optional<String> replicationState,
        int timeline,
        boolean checkpointAfterPromote,
        Map<String, PendingChange> pendingRestart,
        Optional<ScheduledRestart> scheduledRestart,
        boolean pause) {
    public Member {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(tags, "tags");
        pendingRestart =
                java.util.Collections.unmodifiableMap(
                        new java.util.LinkedHashMap<>(pendingRestart));
    }

    /** A member of which nothing but the name is known. */
    public static Member named(String name) {
        return new Member(
                name,
                Optional.empty(),
                Optional.empty(),
                "unknown",
                Optional.empty(),
                Optional.empty(),
                Tags.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                true,
                Map.of(),
                Optional.empty(),
                false);
    }

    public boolean isRunning() {
        return state.equals(MemberState.RUNNING.text());
    }
}
