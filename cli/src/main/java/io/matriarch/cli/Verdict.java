package io.matriarch.cli;

/**
 * How a command ended that got as far as asking. The order is from good to bad: of several members
 * the worst one counts.
 */
enum Verdict {
    DONE(0),
    /** A member or the operator said no, or the operation failed. */
    REFUSED(3),
    /** Asked for, and nobody can say yet what came of it. */
    UNKNOWN(4);

    private final int strictCode;

    Verdict(int strictCode) {
        this.strictCode = strictCode;
    }

    /** The compatible tool exits with 0 in all three cases. */
    int exitCode(boolean strict) {
        return strict ? strictCode : 0;
    }

    Verdict worse(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
