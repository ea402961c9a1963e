package io.matriarch.engine.decide;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What follows from a situation.
 *
 * @param rule the row that matched
 * @param message what an operator reads
 * @param effects in order
 * @param memory for the next decision
 * @param nextWake look again after this at the latest
 */
public record Decision(
        int rule, String message, List<Effect> effects, Memory memory, Duration nextWake) {
    public Decision {
        Objects.requireNonNull(message, "message");
        effects = List.copyOf(effects);
    }
}
