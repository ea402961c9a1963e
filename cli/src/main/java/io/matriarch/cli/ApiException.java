package io.matriarch.cli;

/** A member gave no answer. */
final class ApiException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean sent;

    /**
     * @param sent whether the member may have got the request
     */
    ApiException(String message, boolean sent, Throwable cause) {
        super(message, cause);
        this.sent = sent;
    }

    /** Whether the member may be carrying the request out. */
    boolean mayHaveArrived() {
        return sent;
    }
}
