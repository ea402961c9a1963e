package io.matriarch.engine.model;

/** A parameter that waits for a restart: both values as people write them. */
public record PendingChange(String oldValue, String newValue) {}
