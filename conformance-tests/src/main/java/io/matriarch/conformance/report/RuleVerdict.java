package io.matriarch.conformance.report;

import java.util.List;

/** The tests of one rule. */
record RuleVerdict(String rule, List<TestVerdict> tests) {
    /** Failed if one test did; passed if one did and none failed. */
    Verdict verdict() {
        if (tests.stream().anyMatch(test -> test.verdict() == Verdict.FAILED)) {
            return Verdict.FAILED;
        }
        return tests.stream().anyMatch(test -> test.verdict() == Verdict.PASSED)
                ? Verdict.PASSED
                : Verdict.NOT_RUN;
    }

    long count(Verdict wanted) {
        return tests.stream().filter(test -> test.verdict() == wanted).count();
    }

    /** Why tests failed or were not run, each reason once. */
    List<String> reasons() {
        return tests.stream()
                .filter(test -> test.verdict() != Verdict.PASSED)
                .map(test -> firstLine(test.reason()))
                .distinct()
                .toList();
    }

    private static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("");
    }
}
