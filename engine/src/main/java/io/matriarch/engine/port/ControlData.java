package io.matriarch.engine.port;

import io.matriarch.engine.model.Lsn;

/**
 * What pg_controldata says.
 *
 * @param clusterState for example {@code in production}, {@code shut down}, {@code shut down in
 *     recovery}
 * @param timeline of the latest checkpoint
 * @param checkpoint location of the latest checkpoint
 * @param rewindable wal_log_hints or data checksums are on
 */
public record ControlData(String clusterState, int timeline, Lsn checkpoint, boolean rewindable) {}
