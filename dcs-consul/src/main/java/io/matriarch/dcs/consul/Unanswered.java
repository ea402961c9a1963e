package io.matriarch.dcs.consul;

/** One request got no answer. */
final class Unanswered extends Exception {
    private static final long serialVersionUID = 1L;

    /** What to do about it. */
    enum Kind {
        /** The request never left: connection refused, name unknown. */
        NOT_SENT,
        /** The request may have arrived. */
        LOST,
        /** One of the two sides refused the other's certificate. */
        BAD_TLS
    }

    private final Kind kind;

    Unanswered(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
