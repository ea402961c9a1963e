package io.matriarch.engine.model;

import java.time.Duration;
import java.util.Map;

/**
 * The dynamic configuration as the engine uses it: typed, with defaults, validated and adjusted so
 * that {@code loopWait + 2 * retryTimeout <= ttl}. Made by {@code engine.config} only.
 *
 * @param ttl lease time
 * @param loopWait longest nap
 * @param retryTimeout budget of one store operation
 * @param maximumLagOnFailover bytes
 * @param checkTimeline whether a member on an older timeline may not race
 * @param primaryStartTimeout how long a crashed primary may take to come back; zero = fail over at
 *     once
 * @param primaryStopTimeout zero = no bound but the lease
 * @param pause maintenance mode
 * @param failsafeMode go on without the store if all members agree
 * @param synchronousMode off, on or quorum
 * @param maxTimelinesHistory zero = keep all
 * @param memberSlotsTtl how long the slot of an absent member is kept
 * @param document the whole dynamic document, for what the engine does not interpret
 */
public record Settings(
        Duration ttl,
        Duration loopWait,
        Duration retryTimeout,
        long maximumLagOnFailover,
        boolean checkTimeline,
        Duration primaryStartTimeout,
        Duration primaryStopTimeout,
        boolean pause,
        boolean failsafeMode,
        SynchronousMode synchronousMode,
        int maxTimelinesHistory,
        Duration memberSlotsTtl,
        Map<String, Object> document) {
    /** Whether commits wait for standbys. */
    public enum SynchronousMode {
        OFF,
        ON,
        QUORUM
    }

    /** What an empty dynamic configuration means. */
    public static Settings defaults() {
        return new Settings(
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                1048576,
                false,
                Duration.ofSeconds(300),
                Duration.ZERO,
                false,
                false,
                SynchronousMode.OFF,
                0,
                Duration.ofSeconds(1800),
                Map.of());
    }
}
