package io.matriarch.conformance.report;

import java.util.Objects;

/**
 * How one test of the kit ended.
 *
 * @param rule the id of the rule that it is about
 * @param test its name
 * @param reason why it failed or was not run; empty if it passed
 */
public record TestVerdict(String rule, String test, Verdict verdict, String reason) {
    public TestVerdict {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(test, "test");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(reason, "reason");
    }

    /** A test of the kit is named after its rule. */
    public static TestVerdict of(String test, Verdict verdict, String reason) {
        return new TestVerdict(ruleOf(test), test, verdict, reason);
    }

    /** The id of the rule that a test is named after. */
    public static String ruleOf(String test) {
        return test.replaceFirst("_.*", "");
    }
}
