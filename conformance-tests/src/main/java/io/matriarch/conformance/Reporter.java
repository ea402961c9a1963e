package io.matriarch.conformance;

import io.matriarch.conformance.report.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Tells the run of a test class how each test ended, and has the report written. */
final class Reporter implements TestWatcher, AfterAllCallback {
    @Override
    public void testSuccessful(ExtensionContext test) {
        ended(test, Verdict.PASSED, "");
    }

    @Override
    public void testFailed(ExtensionContext test, Throwable cause) {
        ended(test, Verdict.FAILED, said(cause));
    }

    @Override
    public void testAborted(ExtensionContext test, Throwable cause) {
        ended(test, Verdict.ofAborted(cause), said(cause).replaceFirst("^Assumption failed: ", ""));
    }

    @Override
    public void testDisabled(ExtensionContext test, Optional<String> reason) {
        ended(test, Verdict.NOT_RUN, reason.orElse("disabled"));
    }

    private static String said(Throwable cause) {
        return Optional.ofNullable(cause.getMessage()).orElse(cause.toString());
    }

    private static void ended(ExtensionContext test, Verdict verdict, String reason) {
        Run.of(test.getRequiredTestClass())
                .ended(test.getRequiredTestMethod().getName(), verdict, reason);
    }

    @Override
    public void afterAll(ExtensionContext testClass) {
        Run.finish(testClass.getRequiredTestClass());
    }
}
