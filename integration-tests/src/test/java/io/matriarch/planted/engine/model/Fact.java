package io.matriarch.planted.engine.model;

/** Something that others may know. */
public record Fact(String text) {}
