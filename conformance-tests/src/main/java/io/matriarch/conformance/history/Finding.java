package io.matriarch.conformance.history;

import java.util.List;

/**
 * A breach of a rule.
 *
 * @param sentence what is wrong
 * @param calls the calls that show it
 */
public record Finding(String sentence, List<Asked> calls) {}
