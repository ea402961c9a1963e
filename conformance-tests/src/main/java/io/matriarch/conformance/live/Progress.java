package io.matriarch.conformance.live;

import io.matriarch.conformance.report.RuleCount;
import io.matriarch.conformance.report.TestVerdict;
import io.matriarch.conformance.report.Verdict;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Tells people of each test as it ends, and of all of them at the end. */
final class Progress implements TestExecutionListener {
    private final PrintStream output;
    private final List<TestVerdict> verdicts = new ArrayList<>();
    private Optional<Throwable> broken = Optional.empty();

    Progress(PrintStream output) {
        this.output = output;
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (test.isTest()) {
            tell(test, Verdict.NOT_RUN, reason);
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) {
            String reason =
                    result.getThrowable()
                            .map(e -> Optional.ofNullable(e.getMessage()).orElse(e.toString()))
                            .orElse("");
            tell(test, verdict(result.getStatus()), reason);
        } else if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
            broken = result.getThrowable();
        }
    }

    private static Verdict verdict(TestExecutionResult.Status status) {
        return switch (status) {
            case SUCCESSFUL -> Verdict.PASSED;
            case ABORTED -> Verdict.NOT_RUN;
            case FAILED -> Verdict.FAILED;
        };
    }

    private synchronized void tell(TestIdentifier test, Verdict verdict, String reason) {
        String name = test.getDisplayName();
        verdicts.add(
                TestVerdict.of(name, verdict, reason.replaceFirst("^Assumption failed: ", "")));
        output.printf(
                "%-8s %s%s%n",
                verdict == Verdict.FAILED ? "FAILED" : verdict.words(),
                name,
                verdict == Verdict.FAILED ? "\n" + reason.strip().indent(4).stripTrailing() : "");
    }

    /** Says what it comes to, and gives the exit code. */
    synchronized int conclude() {
        if (verdicts.isEmpty() && broken.isEmpty()) {
            output.println("matriarch: the contract has no rule of that name; nothing was tested");
            return LiveRun.NOT_RUN;
        }
        broken.ifPresent(e -> output.println("FAILED   the run itself: " + e));
        Map<String, List<String>> notRun = new TreeMap<>();
        verdicts.stream()
                .filter(test -> test.verdict() == Verdict.NOT_RUN)
                .forEach(
                        test ->
                                notRun.computeIfAbsent(test.reason(), any -> new ArrayList<>())
                                        .add(test.test()));
        notRun.forEach(
                (reason, tests) ->
                        output.println(
                                "NOT RUN ("
                                        + tests.size()
                                        + ", rules "
                                        + RuleCount.rules(tests)
                                        + "): "
                                        + reason));
        RuleCount count = RuleCount.of(verdicts);
        output.println(count);
        if (broken.isPresent() || count.failed() > 0) {
            return LiveRun.FAILED;
        }
        return count.passed() > 0 ? LiveRun.SOUND : LiveRun.NOT_RUN;
    }
}
