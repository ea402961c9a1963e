package io.matriarch.planted.engine.shell;

/** Something that only the daemon may know. */
public record Lane(String name) {}
