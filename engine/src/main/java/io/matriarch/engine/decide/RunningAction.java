package io.matriarch.engine.decide;

import io.matriarch.engine.port.ActionProgress;
import io.matriarch.engine.port.PostgresAction;
import java.util.Optional;

/**
 * The action in flight.
 *
 * @param action what
 * @param startedAt monotonic nanoseconds
 * @param epoch lease epoch under which it was started, 0 without a lease
 * @param progress the last word of it
 * @param cancelled it was asked to end
 */
public record RunningAction(
        PostgresAction action,
        long startedAt,
        long epoch,
        Optional<ActionProgress> progress,
        boolean cancelled) {}
