package io.matriarch.engine.rest;

import io.matriarch.engine.codec.IsoTime;
import io.matriarch.engine.port.MemberControl.Reply;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A point in time as operators write it: {@code 2030-01-01T00:00Z}, {@code 2030-01-01 12:00+02},
 * {@code Jan 1 2030 10:00 UTC}, {@code 10:30+00} (today).
 *
 * @param local date and time as written
 * @param offset the zone as written; empty if none was
 */
public record ScheduledTime(LocalDateTime local, Optional<ZoneOffset> offset) {
    private static final String OFFSET = "[ ][XXXXX][XXXX][XXX][XX][X]['UTC']['GMT']";
    private static final List<DateTimeFormatter> SHAPES =
            List.of(
                    shape("uuuu-M-d['T'][ ]"),
                    shape("uuuuMMdd['T'][ ]"),
                    shape("uuuu/M/d['T'][ ]"),
                    shape("MMM d[,] uuuu "),
                    shape("d MMM uuuu "),
                    shape(""));

    private static DateTimeFormatter shape(String date) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(date + "H:mm[:ss]")
                .optionalStart()
                .appendFraction(java.time.temporal.ChronoField.NANO_OF_SECOND, 1, 9, true)
                .optionalEnd()
                .appendPattern(OFFSET)
                .toFormatter(Locale.ROOT);
    }

    /**
     * @param today the date that a time of day alone is meant for
     * @return empty if the text is no time
     */
    public static Optional<ScheduledTime> parse(String text, LocalDate today) {
        String trimmed = text.trim().replaceAll("\\s+", " ");
        for (DateTimeFormatter shape : SHAPES) {
            try {
                return Optional.of(read(shape.parse(trimmed), trimmed, today));
            } catch (DateTimeException e) {
                // Another shape may fit; if none does, the caller says what is expected.
                continue;
            }
        }
        return Optional.empty();
    }

    private static ScheduledTime read(TemporalAccessor parsed, String text, LocalDate today) {
        LocalDate date = parsed.query(TemporalQueries.localDate());
        ZoneOffset offset = parsed.query(TemporalQueries.offset());
        String upper = text.toUpperCase(Locale.ROOT);
        boolean universal = upper.endsWith("UTC") || upper.endsWith("GMT");
        return new ScheduledTime(
                LocalDateTime.of(date == null ? today : date, LocalTime.from(parsed)),
                universal ? Optional.of(ZoneOffset.UTC) : Optional.ofNullable(offset));
    }

    /** In the zone as written, else in the given one. */
    public OffsetDateTime in(ZoneId otherwise) {
        return offset.map(local::atOffset)
                .orElseGet(() -> local.atZone(otherwise).toOffsetDateTime());
    }

    /**
     * Judges the time of a request.
     *
     * @param action {@code switchover} or {@code restart}, for the messages
     */
    static Verdict judge(Object value, String action, OffsetDateTime now) {
        Optional<ScheduledTime> time =
                value instanceof String text
                        ? parse(text, now.withOffsetSameInstant(ZoneOffset.UTC).toLocalDate())
                        : Optional.empty();
        if (time.isEmpty()) {
            return Verdict.refused(
                    422,
                    "Unable to parse scheduled timestamp. It should be in an unambiguous format,"
                            + " e.g. ISO 8601");
        }
        if (time.get().offset().isEmpty()) {
            return Verdict.refused(
                    400, "Timezone information is mandatory for the scheduled " + action);
        }
        OffsetDateTime at = time.get().in(ZoneOffset.UTC);
        return at.isBefore(now)
                ? Verdict.refused(422, "Cannot schedule " + action + " in the past")
                : new Verdict(Optional.of(at), Optional.empty());
    }

    /** Either a usable time or the answer to the request. */
    record Verdict(Optional<OffsetDateTime> at, Optional<Reply> refusal) {
        static Verdict refused(int status, String body) {
            return new Verdict(Optional.empty(), Optional.of(new Reply(status, body)));
        }
    }

    @Override
    public String toString() {
        return offset.map(zone -> IsoTime.text(local.atOffset(zone))).orElse(local.toString());
    }
}
