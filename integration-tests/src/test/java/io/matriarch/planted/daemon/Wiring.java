package io.matriarch.planted.daemon;

/** Something that nobody else may know. */
public record Wiring(String what) {}
