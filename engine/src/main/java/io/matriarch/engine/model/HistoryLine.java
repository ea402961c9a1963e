package io.matriarch.engine.model;

import java.util.Optional;

/** One past timeline: where it ended, why, when the next began and who led it. */
public record HistoryLine(
        int timeline,
        Lsn switchedAt,
        String reason,
        Optional<String> time,
        Optional<String> newLeader) {}
