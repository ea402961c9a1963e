package io.matriarch.conformance.live;

import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.time.Duration;

/**
 * What is under test.
 *
 * @param replay the beginning of the command that runs the kit on it
 */
record LiveStore(
        DcsProvider provider,
        Class<?> pluginClass,
        Section section,
        StoreControl control,
        Duration ttl,
        String namespace,
        String replay) {
    /** Short, so that a run takes minutes, and long enough for a store across a network. */
    static final Duration USUAL_TTL = Duration.ofSeconds(3);

    /** A renewal of two requests, on the slowest link of the kit, takes two of these and more. */
    Duration timeout() {
        return ttl.multipliedBy(2);
    }

    String introduction() {
        return "Testing section "
                + section.name()
                + " ("
                + pluginClass.getName()
                + ") below "
                + namespace
                + ", with a ttl of "
                + ttl.toSeconds()
                + " s, "
                + (control.abilities().isEmpty()
                        ? "without faults."
                        : "and faults of links, through proxies.");
    }
}
