package io.matriarch.spi;

import java.util.Objects;

/**
 * A proof, at the moment it was made, that a member holds the leader lease.
 *
 * @param member the holder
 * @param epoch grows with each change of holder in the scope; never reused (rule L9)
 * @param validUntil monotonic nanoseconds, on the clock given to the backend: nobody else can hold
 *     the lease before this instant (rule L2). Counted from before the request was sent, or from
 *     earlier where the store demands it
 * @param version the version of the leader record that was proven
 */
public record Lease(String member, long epoch, long validUntil, Version version) {
    public Lease {
        Objects.requireNonNull(member, "member");
        Objects.requireNonNull(version, "version");
    }
}
