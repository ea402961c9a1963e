package io.matriarch.engine.decide;

import io.matriarch.spi.Lease;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What this member may believe about its own lease.
 *
 * @param state the last word of the store
 * @param lease the last proof; only {@link State#HELD}, {@link State#UNPROVEN} and {@link
 *     State#INHERITED} have one
 * @param effectiveTtl what the store grants
 */
public record LeaseBelief(State state, Optional<Lease> lease, Duration effectiveTtl) {
    /** The last word of the store. */
    public enum State {
        /** Nothing was ever proven, or the lease was released. */
        NONE,
        /** The last renewal or acquisition was applied. */
        HELD,
        /** The last renewal got no answer; the old proof stands until its end. */
        UNPROVEN,
        /**
         * An earlier process of this member had it; this one has not proven it. Nothing may be done
         * in its name, but a primary that still runs must end with it.
         */
        INHERITED,
        /** The store said that the lease is not ours. */
        REFUSED,
        /** It was given up, and the store has not confirmed that yet. */
        RELEASING
    }

    public LeaseBelief {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(lease, "lease");
        Objects.requireNonNull(effectiveTtl, "effectiveTtl");
    }

    /** Before anything was proven. */
    public static LeaseBelief none(Duration ttl) {
        return new LeaseBelief(State.NONE, Optional.empty(), ttl);
    }

    /**
     * Clock drift and scheduling that a deadline must survive: 1 % of the ttl and 100 ms. Two
     * monotonic clocks of sound hardware drift by far less than 1 % apart.
     */
    public Duration margin() {
        return effectiveTtl.dividedBy(100).plusMillis(100);
    }

    /**
     * The time that stopping PostgreSQL may take before the lease can pass on: ttl/5, 2 s to 10 s.
     */
    public Duration stopBudget() {
        Duration fifth = effectiveTtl.dividedBy(5);
        Duration atLeast =
                fifth.compareTo(Duration.ofSeconds(2)) < 0 ? Duration.ofSeconds(2) : fifth;
        return atLeast.compareTo(Duration.ofSeconds(10)) > 0 ? Duration.ofSeconds(10) : atLeast;
    }

    /** Nanoseconds by which no server process may be able to write any more. */
    public long writesEndAt() {
        return lease.map(l -> l.validUntil() - margin().toNanos()).orElse(Long.MIN_VALUE);
    }

    /** Nanoseconds at which the stop must begin at the latest. */
    public long stopAt() {
        return lease.map(l -> writesEndAt() - stopBudget().toNanos()).orElse(Long.MIN_VALUE);
    }

    /** This process has proven it once, and knows of nothing that ended it but time. */
    public boolean held() {
        return state == State.HELD || state == State.UNPROVEN;
    }

    /** Held, and the stop need not begin yet. */
    public boolean proven(long now) {
        return held() && lease.isPresent() && now - stopAt() < 0;
    }
}
