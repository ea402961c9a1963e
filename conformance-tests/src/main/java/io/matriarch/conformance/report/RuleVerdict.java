package io.matriarch.conformance.report;

import java.util.List;
import java.util.stream.Stream;

/** The tests of one rule. */
record RuleVerdict(String rule, List<TestVerdict> tests) {
    /** The worst of its tests; one that was not run is no verdict beside one that was. */
    Verdict verdict() {
        return Stream.of(Verdict.FAILED, Verdict.NOT_KEPT, Verdict.PASSED)
                .filter(verdict -> count(verdict) > 0)
                .findFirst()
                .orElse(Verdict.NOT_RUN);
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
