package io.matriarch.planted.spi;

import io.matriarch.planted.engine.model.Fact;

/** Breaks: spi sees the JDK and slf4j only. */
record KnowsTheEngine(Fact known) {}
