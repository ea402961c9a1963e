package io.matriarch.engine.rest;

/**
 * No answer from a REST server. The message is one sentence that names the address and the cause.
 */
public final class Unreachable extends Exception {
    private static final long serialVersionUID = 1L;

    public Unreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
