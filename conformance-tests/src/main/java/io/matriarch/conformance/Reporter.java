package io.matriarch.conformance;

import io.matriarch.conformance.report.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestWatcher;
import org.opentest4j.TestAbortedException;

/**
 * Tells the run of a test class how each test ended, and has the report written.
 *
 * <p>A class whose {@code @BeforeAll} finds no server is not aborted as a whole, of which test
 * runners count nothing: each of its tests is, with the reason.
 */
final class Reporter
        implements TestWatcher,
                LifecycleMethodExecutionExceptionHandler,
                BeforeEachCallback,
                AfterAllCallback {
    private static final Namespace OWN = Namespace.create(Reporter.class);

    /** The key of the reason. */
    private static final String NO_SERVER = "no server";

    @Override
    public void handleBeforeAllMethodExecutionException(
            ExtensionContext testClass, Throwable thrown) throws Throwable {
        if (!(thrown instanceof TestAbortedException)) {
            throw thrown;
        }
        testClass.getStore(OWN).put(NO_SERVER, said(thrown));
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        Optional.ofNullable(test.getStore(OWN).get(NO_SERVER, String.class))
                .ifPresent(
                        reason -> {
                            throw new TestAbortedException(reason);
                        });
    }

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
        ended(test, Verdict.NOT_RUN, said(cause).replaceFirst("^Assumption failed: ", ""));
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
