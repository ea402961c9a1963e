package io.matriarch.engine.model;

/**
 * A member's answer to {@code GET /patroni}, as far as a race reads it.
 *
 * @param runningAsPrimary its server is up and not in recovery
 * @param lsn the larger of received and replayed; zero for a primary
 * @param timeline 0 when unknown
 * @param tags its tags
 * @param watchdogFailed it requires a watchdog and has none
 */
public record PeerStatus(
        boolean runningAsPrimary, Lsn lsn, int timeline, Tags tags, boolean watchdogFailed) {}
