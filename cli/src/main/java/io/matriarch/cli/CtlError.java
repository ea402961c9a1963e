package io.matriarch.cli;

/** Ends the command: {@code Error: message} and exit code 1. The message is one sentence. */
final class CtlError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CtlError(String message) {
        super(message);
    }

    CtlError(String message, Throwable cause) {
        super(message, cause);
    }
}
