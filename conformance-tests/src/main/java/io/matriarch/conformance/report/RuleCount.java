package io.matriarch.conformance.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How many rules ended how. */
public record RuleCount(long passed, long failed, long notKept, long notRun) {
    /** Rules in the order of the contract: by letter, then by number. */
    private static final Comparator<String> BY_ID =
            Comparator.<String, String>comparing(id -> id.replaceAll("\\d", ""))
                    .thenComparing(id -> Integer.parseInt(id.replaceAll("\\D", "")));

    public static RuleCount of(List<TestVerdict> tests) {
        List<RuleVerdict> rules = byRule(tests);
        return new RuleCount(
                count(rules, Verdict.PASSED),
                count(rules, Verdict.FAILED),
                count(rules, Verdict.NOT_KEPT),
                count(rules, Verdict.NOT_RUN));
    }

    /** The rules that these tests are named after, in order, each once. */
    public static String rules(List<String> tests) {
        return tests.stream()
                .map(TestVerdict::ruleOf)
                .distinct()
                .sorted(BY_ID)
                .collect(Collectors.joining(" "));
    }

    /** In order. */
    static List<RuleVerdict> byRule(List<TestVerdict> tests) {
        Map<String, List<TestVerdict>> byRule = new TreeMap<>(BY_ID);
        tests.stream()
                .sorted(Comparator.comparing(TestVerdict::test))
                .forEach(
                        test ->
                                byRule.computeIfAbsent(test.rule(), any -> new ArrayList<>())
                                        .add(test));
        return byRule.entrySet().stream()
                .map(rule -> new RuleVerdict(rule.getKey(), rule.getValue()))
                .toList();
    }

    private static long count(List<RuleVerdict> rules, Verdict verdict) {
        return rules.stream().filter(rule -> rule.verdict() == verdict).count();
    }

    /** Rules that are not kept are told of where there are any: they are no part of a pass. */
    @Override
    public String toString() {
        return passed
                + " rules passed, "
                + failed
                + " failed, "
                + (notKept > 0 ? notKept + " not kept, as declared, " : "")
                + notRun
                + " not run";
    }
}
