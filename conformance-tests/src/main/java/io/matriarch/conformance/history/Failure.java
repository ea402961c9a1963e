package io.matriarch.conformance.history;

import java.util.List;

/**
 * A history that broke a rule.
 *
 * @param seed of the plan
 * @param found what it broke, for the plan as shrunk
 * @param steps the plan as shrunk
 * @param original how many steps it had
 * @param tries how many smaller plans were played
 * @param excerpt the calls around the breach
 */
public record Failure(
        HistoryCheck check,
        long seed,
        Finding found,
        List<Step> steps,
        int original,
        int tries,
        String excerpt) {}
