package io.matriarch.conformance.report;

/** What became of a rule or of a test. */
public enum Verdict {
    PASSED,
    FAILED,
    NOT_RUN;

    /** For people: {@code not run}. */
    public String words() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
