package io.matriarch.planted.postgres;

/** Something that the daemon may know. */
public record Server(int port) {}
