package io.matriarch.cli;

/** The input ended while a question was open: {@code Aborted!} and exit code 1. */
final class Aborted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Aborted() {
        super("Aborted!");
    }
}
