package io.matriarch.conformance.report;

import org.opentest4j.TestAbortedException;

/**
 * The store does not keep a rule and need not: the rule is a SHOULD, or the plug-in declares the
 * weakness. Not a failure, and not a pass either.
 */
public final class NotKept extends TestAbortedException {
    private static final long serialVersionUID = 1L;

    public NotKept(String reason) {
        super(reason);
    }
}
