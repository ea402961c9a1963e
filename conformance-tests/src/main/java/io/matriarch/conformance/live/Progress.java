package io.matriarch.conformance.live;

import io.matriarch.conformance.report.RuleCount;
import io.matriarch.conformance.report.TestVerdict;
import io.matriarch.conformance.report.Verdict;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
            tell(test, verdict(result), reason);
        } else if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
            broken = result.getThrowable();
        }
    }

    private static Verdict verdict(TestExecutionResult result) {
        return switch (result.getStatus()) {
            case SUCCESSFUL -> Verdict.PASSED;
            case ABORTED -> Verdict.ofAborted(result.getThrowable().orElse(null));
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
        tellReasons(Verdict.NOT_KEPT);
        tellReasons(Verdict.NOT_RUN);
        RuleCount count = RuleCount.of(verdicts);
        output.println(count);
        if (broken.isPresent() || count.failed() > 0) {
            return LiveRun.FAILED;
        }
        return count.passed() > 0 ? LiveRun.SOUND : LiveRun.NOT_RUN;
    }

    private void tellReasons(Verdict of) {
        Map<String, List<String>> tests = new TreeMap<>();
        verdicts.stream()
                .filter(test -> test.verdict() == of)
                .forEach(
                        test ->
                                tests.computeIfAbsent(test.reason(), any -> new ArrayList<>())
                                        .add(test.test()));
        tests.forEach(
                (reason, named) ->
                        output.println(
                                of.words().toUpperCase(Locale.ROOT)
                                        + " ("
                                        + named.size()
                                        + ", rules "
                                        + RuleCount.rules(named)
                                        + "): "
                                        + reason));
    }
}
