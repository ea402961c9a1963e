package io.matriarch.conformance.history;

/** From when to when an instance was open. */
public record Lifetime(String client, int seat, long opened, long closed) {}
