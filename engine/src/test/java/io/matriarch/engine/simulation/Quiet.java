package io.matriarch.engine.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Thousands of runs log nothing: the trace says what happened. */
final class Quiet {
    private Quiet() {}

    static void engine() {
        if (LoggerFactory.getLogger("io.matriarch.engine") instanceof Logger logger) {
            logger.setLevel(Level.OFF);
        }
    }
}
