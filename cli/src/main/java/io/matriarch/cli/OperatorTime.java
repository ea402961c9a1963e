package io.matriarch.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as operators type and read them. A time without a zone is local; one without a date is
 * today's. Anything that could mean two things is refused: a switchover at the wrong hour is worse
 * than a second try.
 */
final class OperatorTime {
    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSS");
    private static final Pattern SHAPE =
            Pattern.compile(
                    "(?:(\\d{4}-\\d{2}-\\d{2})(?:[Tt]|\\s+))?"
                            + "(\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?)"
                            + "\\s*([Zz]|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?");

    private OperatorTime() {}

    /** An hour from now, as an example for a question. */
    static String example(Clock clock) {
        return LocalDateTime.now(clock).plusHours(1).format(MINUTES);
    }

    /** Local time with five digits of the second's fraction. */
    static String stamp(Clock clock) {
        return LocalDateTime.now(clock).format(STAMP);
    }

    /**
     * @return empty for "now"
     * @throws CtlError if the text is no time
     */
    static Optional<OffsetDateTime> parse(String text, Clock clock) {
        String trimmed = text.strip();
        if (trimmed.isEmpty() || trimmed.toLowerCase(Locale.ROOT).equals("now")) {
            return Optional.empty();
        }
        Matcher shape = SHAPE.matcher(trimmed);
        if (!shape.matches()) {
            throw unusable(text, null);
        }
        try {
            LocalDate date =
                    shape.group(1) == null ? LocalDate.now(clock) : LocalDate.parse(shape.group(1));
            return Optional.of(
                    date.atTime(time(shape.group(2)))
                            .atZone(zone(shape.group(3), clock))
                            .toOffsetDateTime());
        } catch (DateTimeException e) {
            throw unusable(text, e);
        }
    }

    private static LocalTime time(String text) {
        String padded = text.indexOf(':') == 1 ? "0" + text : text;
        return LocalTime.parse(padded);
    }

    private static ZoneId zone(String text, Clock clock) {
        if (text == null) {
            return clock.getZone();
        }
        return Character.isLetter(text.charAt(0)) ? ZoneOffset.UTC : ZoneOffset.of(text);
    }

    private static CtlError unusable(String text, DateTimeException cause) {
        return new CtlError(
                "Unable to parse scheduled timestamp ("
                        + text
                        + "). It should be in an unambiguous format (e.g. ISO 8601)",
                cause);
    }
}
