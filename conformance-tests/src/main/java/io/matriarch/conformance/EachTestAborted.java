package io.matriarch.conformance;

import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.opentest4j.TestAbortedException;

/**
 * A class whose {@code @BeforeAll} finds no server is not aborted as a whole, of which Surefire
 * counts nothing: each of its tests is, with the reason. In force for every test of the kit, and
 * for every class where JUnit detects extensions by itself.
 */
public final class EachTestAborted
        implements LifecycleMethodExecutionExceptionHandler,
                TestInstancePreConstructCallback,
                BeforeEachCallback {
    private static final Namespace OWN = Namespace.create(EachTestAborted.class);
    private static final String REASON = "reason";

    @Override
    public void handleBeforeAllMethodExecutionException(
            ExtensionContext testClass, Throwable thrown) throws Throwable {
        if (!(thrown instanceof TestAbortedException)) {
            throw thrown;
        }
        testClass
                .getStore(OWN)
                .put(REASON, Optional.ofNullable(thrown.getMessage()).orElse("no reason given"));
    }

    /** The fields of a test may want the server already. */
    @Override
    public void preConstructTestInstance(
            TestInstanceFactoryContext factory, ExtensionContext test) {
        abortIfSo(test);
    }

    /** The one instance of a class may be older than its {@code @BeforeAll}. */
    @Override
    public void beforeEach(ExtensionContext test) {
        abortIfSo(test);
    }

    private static void abortIfSo(ExtensionContext test) {
        Optional.ofNullable(test.getStore(OWN).get(REASON, String.class))
                .ifPresent(
                        reason -> {
                            throw new TestAbortedException(reason);
                        });
    }
}
