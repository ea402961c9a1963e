package io.matriarch.planted.spi;

import com.fasterxml.jackson.databind.JsonNode;

/** Breaks: spi sees the JDK and slf4j only. */
record UsesALibrary(JsonNode node) {}
