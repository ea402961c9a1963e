package io.matriarch.postgres;

import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Timeline history files: parent timeline, where it was left, why. */
final class HistoryFile {
    private HistoryFile() {}

    static List<HistoryLine> parse(String text) {
        List<HistoryLine> lines = new ArrayList<>();
        for (String line : text.split("\n")) {
            String[] fields = line.trim().split("\t");
            if (fields.length >= 2 && fields[0].matches("[0-9]+")) {
                lines.add(
                        new HistoryLine(
                                Integer.parseUnsignedInt(fields[0]),
                                Lsn.parse(fields[1].trim()),
                                fields.length > 2 ? fields[2] : "",
                                Optional.empty(),
                                Optional.empty()));
            }
        }
        return lines;
    }

    /** The timelines behind this one; the newest line gets the file's time and the member. */
    static List<HistoryLine> read(Path dataDirectory, int timeline, String member)
            throws IOException {
        if (timeline <= 1) {
            return List.of();
        }
        Path file =
                dataDirectory.resolve(String.format(Locale.ROOT, "pg_wal/%08X.history", timeline));
        List<HistoryLine> lines = new ArrayList<>(parse(Files.readString(file)));
        if (!lines.isEmpty() && lines.get(lines.size() - 1).timeline() == timeline - 1) {
            HistoryLine last = lines.remove(lines.size() - 1);
            OffsetDateTime time =
                    Files.getLastModifiedTime(file)
                            .toInstant()
                            .atZone(ZoneId.systemDefault())
                            .toOffsetDateTime();
            lines.add(
                    new HistoryLine(
                            last.timeline(),
                            last.switchedAt(),
                            last.reason(),
                            Optional.of(isoTime(time)),
                            Optional.of(member)));
        }
        return lines;
    }

    /** Microseconds at most, as every reader of the history key expects; none if zero. */
    private static String isoTime(OffsetDateTime time) {
        String pattern =
                time.getNano() / 1000 == 0
                        ? "yyyy-MM-dd'T'HH:mm:ssxxx"
                        : "yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx";
        return time.format(java.time.format.DateTimeFormatter.ofPattern(pattern, Locale.ROOT));
    }
}
