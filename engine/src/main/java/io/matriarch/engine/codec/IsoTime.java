package io.matriarch.engine.codec;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Times as they stand in the keys: {@code 2026-08-01T03:00:00+00:00}. */
public final class IsoTime {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private static final DateTimeFormatter READER =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd'T'HH:mm[:ss]")
                    .optionalStart()
                    .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
                    .optionalEnd()
                    .optionalStart()
                    .appendOffset("+HH:MM:ss", "Z")
                    .optionalEnd()
                    .optionalStart()
                    .appendOffset("+HHMM", "Z")
                    .optionalEnd()
                    .optionalStart()
                    .appendOffset("+HH", "Z")
                    .optionalEnd()
                    .toFormatter(java.util.Locale.ROOT);

    private IsoTime() {}

    /** With an offset as {@code +00:00} and six digits of a fraction that is not zero. */
    public static String text(OffsetDateTime time) {
        return text(time, 'T');
    }

    /** The same, with another letter between the date and the time. */
    public static String text(OffsetDateTime time, char separator) {
        OffsetDateTime exact = time.truncatedTo(ChronoUnit.MICROS);
        String fraction =
                exact.getNano() == 0 ? "" : String.format(".%06d", exact.getNano() / 1000);
        String offset =
                exact.getOffset().equals(ZoneOffset.UTC) ? "+00:00" : exact.getOffset().getId();
        return SECONDS.format(exact).replace('T', separator) + fraction + offset;
    }

    /**
     * Reads a date, a time and an offset, with a {@code T} or a space between; empty for anything
     * else, a time without an offset included.
     */
    public static Optional<OffsetDateTime> parse(String text) {
        String trimmed = text.trim().replace('t', 'T').replace('z', 'Z');
        if (trimmed.length() > 10 && trimmed.charAt(10) == ' ') {
            trimmed = trimmed.substring(0, 10) + "T" + trimmed.substring(11);
        }
        try {
            return Optional.of(OffsetDateTime.parse(trimmed.replace(" ", ""), READER));
        } catch (DateTimeParseException e) {
            // Not a time: the caller keeps the text and says so.
            return Optional.empty();
        }
    }
}
