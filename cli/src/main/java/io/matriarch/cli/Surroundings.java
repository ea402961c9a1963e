package io.matriarch.cli;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * What a run of the tool touches besides its arguments.
 *
 * @param name the name it was called by, which decides the exit codes
 * @param clock wall time in the operator's zone
 * @param sessions the way to the clusters
 * @param nap waits between two looks; returns early only by exception
 */
record Surroundings(
        String name,
        Console console,
        Map<String, String> environment,
        Clock clock,
        Sessions sessions,
        Nap nap) {
    static final String OWN_NAME = "matriarchctl";

    /** Waits. */
    interface Nap {
        void take(Duration duration) throws InterruptedException;
    }

    /** Under the own name the exit code tells a refusal; under the peer's it never did. */
    boolean isStrictByName() {
        return name.equals(OWN_NAME);
    }
}
