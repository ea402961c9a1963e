package io.matriarch.conformance.report;

/** What became of a rule or of a test. */
public enum Verdict {
    PASSED,
    FAILED,
    /** The store does not keep it and need not, see {@link NotKept}. */
    NOT_KEPT,
    NOT_RUN;

    /** Of a test that was given up. */
    public static Verdict ofAborted(Throwable cause) {
        return cause instanceof NotKept ? NOT_KEPT : NOT_RUN;
    }

    /** For people: {@code not run}. */
    public String words() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
