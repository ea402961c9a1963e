package io.matriarch.planted.engine.codec;

import java.time.Instant;

/** Breaks: time is handed in. */
final class LooksAtTheClock {
    Instant when() {
        return Instant.now();
    }
}
