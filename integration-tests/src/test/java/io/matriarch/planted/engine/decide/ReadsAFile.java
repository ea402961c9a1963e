package io.matriarch.planted.engine.decide;

import java.nio.file.Path;

/** Breaks: decide is pure. */
record ReadsAFile(Path file) {}
