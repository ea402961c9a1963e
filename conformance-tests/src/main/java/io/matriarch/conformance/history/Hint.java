package io.matriarch.conformance.history;

/** A call of a client's listener. */
public record Hint(String client, long at) {}
