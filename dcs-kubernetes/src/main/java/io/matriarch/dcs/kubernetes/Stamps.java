package io.matriarch.dcs.kubernetes;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * Wall times as the peer writes them, each later than the one before. Observers tell a renewal by
 * the change of this text and never by the time in it, so it must change however the clock behaves.
 * Thread-safe.
 */
final class Stamps {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'")
                    .withZone(ZoneOffset.UTC);

    private Instant last = Instant.EPOCH;

    synchronized String next() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        last = now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS);
        return FORM.format(last);
    }
}
