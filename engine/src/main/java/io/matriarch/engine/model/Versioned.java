package io.matriarch.engine.model;

import io.matriarch.spi.Version;

/** A value and the version that guards its next write. */
public record Versioned<T>(T value, Version version) {}
