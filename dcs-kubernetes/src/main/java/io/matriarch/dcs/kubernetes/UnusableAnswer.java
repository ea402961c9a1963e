package io.matriarch.dcs.kubernetes;

/** The server answered with something that is not of the Kubernetes API. */
final class UnusableAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableAnswer(String message, Throwable cause) {
        super(message, cause);
    }
}
