package io.matriarch.spi;

/**
 * Why the store gave no answer. A lost race is an answer ({@link Outcome.Refused}), never one of
 * these.
 */
public abstract sealed class DcsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private DcsException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The request was never sent, or was rejected before it could take effect. Also: a failed read.
     */
    public static final class NotApplied extends DcsException {
        private static final long serialVersionUID = 1L;

        public NotApplied(String message) {
            super(message, null);
        }

        public NotApplied(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The request was sent and the reply was lost: it may have taken effect, or may still. */
    public static final class OutcomeUnknown extends DcsException {
        private static final long serialVersionUID = 1L;

        public OutcomeUnknown(String message) {
            super(message, null);
        }

        public OutcomeUnknown(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * No retry can help: bad credentials, a wrong address, a forbidden key, an unusable setting.
     * The message is one sentence for the operator: what, where, what to do.
     */
    public static final class Misconfigured extends DcsException {
        private static final long serialVersionUID = 1L;

        public Misconfigured(String message) {
            super(message, null);
        }

        public Misconfigured(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
