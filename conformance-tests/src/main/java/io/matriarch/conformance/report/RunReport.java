package io.matriarch.conformance.report;

import io.matriarch.spi.DcsTraits;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one run of the kit found.
 *
 * @param name of the report, and of its files
 * @param plugin the section name and class of the plug-in
 * @param versions what each part says of its version, in order
 * @param abilities what could be done to the store
 * @param traits what the plug-in declared, if a client was opened
 * @param seed of the first history
 * @param histories how many were played, and what they were
 * @param tests how each test ended
 */
public record RunReport(
        String name,
        String plugin,
        Map<String, String> versions,
        List<String> abilities,
        Optional<DcsTraits> traits,
        Optional<Long> seed,
        String histories,
        List<TestVerdict> tests) {

    List<RuleVerdict> rules() {
        return RuleCount.byRule(tests);
    }

    RuleCount count() {
        return RuleCount.of(tests);
    }

    /** What the plug-in declares of itself, each with how the kit holds it to that. */
    Map<String, String> declarations() {
        Map<String, String> said = new java.util.LinkedHashMap<>();
        traits.ifPresent(
                declared -> {
                    said.put(
                            "effective ttl",
                            declared.effectiveTtl() + ", at least the configured one (S2)");
                    said.put("smallest ttl", declared.smallestTtl() + " (S2)");
                    said.put(
                            "leases may end early",
                            declared.mayEndEarly()
                                    ? "YES, a weakness: L13 and L4 are not demanded of an undisturbed"
                                            + " lease, L2 is all the same (S6)"
                                    : "no: L13 demands it");
                    said.put(
                            "reads are linearizable",
                            declared.linearizableReads()
                                    ? "yes: W1, R2 and S6 demand it"
                                    : "NO, a weakness: reads may lag behind others, and must"
                                            + " never go back or behind the reader's own writes (R2, R3, S6)");
                    said.put("note", declared.note().isEmpty() ? "none" : declared.note());
                });
        return said;
    }
}
