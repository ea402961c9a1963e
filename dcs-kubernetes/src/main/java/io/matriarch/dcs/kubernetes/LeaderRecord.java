package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the leader object says of the lease. Any difference to what was seen before is a sign of
 * life of its holder.
 *
 * @param leader empty if nobody holds it
 * @param ttl in seconds, as written
 */
record LeaderRecord(
        String leader, String acquireTime, String ttl, String renewTime, String transitions) {
    static final String LEADER = "leader";
    static final String ACQUIRE_TIME = "acquireTime";
    static final String TTL = "ttl";
    static final String RENEW_TIME = "renewTime";
    static final String TRANSITIONS = "transitions";

    /** Far beyond any that is meant, and still a number of nanoseconds. */
    private static final long LONGEST_TTL = Duration.ofDays(3650).toSeconds();

    static final LeaderRecord NONE = new LeaderRecord("", "", "", "", "");

    static LeaderRecord of(Optional<StoredObject> object) {
        return object.map(StoredObject::annotations).map(LeaderRecord::of).orElse(NONE);
    }

    private static LeaderRecord of(Map<String, String> annotations) {
        return new LeaderRecord(
                annotations.getOrDefault(LEADER, ""),
                annotations.getOrDefault(ACQUIRE_TIME, ""),
                annotations.getOrDefault(TTL, ""),
                annotations.getOrDefault(RENEW_TIME, ""),
                annotations.getOrDefault(TRANSITIONS, ""));
    }

    boolean free() {
        return leader.isEmpty();
    }

    boolean names(String member) {
        return leader.equals(member);
    }

    /** How long a holder may be silent. */
    Duration lifetime(Duration otherwise) {
        try {
            long seconds = Long.parseLong(ttl.trim());
            return Duration.ofSeconds(Math.min(LONGEST_TTL, Math.max(1, seconds)));
        } catch (NumberFormatException e) {
            // Somebody else's writing: every observer falls back to its own setting.
            return otherwise;
        }
    }

    long changes() {
        try {
            return Long.parseLong(transitions.trim());
        } catch (NumberFormatException e) {
            // A damaged counter begins again; only people read it.
            return 0;
        }
    }

    Version version() {
        return Layout.digest(List.of(leader, acquireTime, ttl, renewTime, transitions));
    }
}
