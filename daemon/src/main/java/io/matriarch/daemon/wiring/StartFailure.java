package io.matriarch.daemon.wiring;

/** The daemon cannot start. The message is one sentence: what happened and what to do. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
