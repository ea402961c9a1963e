package io.matriarch.planted.engine.decide;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Breaks: decide is pure. */
final class Logs {
    private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

    void say() {
        LOG.info("decided");
    }
}
