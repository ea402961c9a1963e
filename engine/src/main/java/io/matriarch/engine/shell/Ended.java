package io.matriarch.engine.shell;

/**
 * Why the member ended.
 *
 * @param code the exit code
 * @param message one sentence for the operator; empty if there is nothing to say
 */
public record Ended(int code, String message) {}
