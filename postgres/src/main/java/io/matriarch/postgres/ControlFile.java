package io.matriarch.postgres;

import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.port.ControlData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * pg_control, in two ways: its first fields straight from the file, which costs microseconds and is
 * what waits poll; and everything, with the checksum checked, from pg_controldata.
 *
 * <p>The first fields have the same layout in versions 12 to 18: system identifier (8 bytes),
 * format version (4), catalogue version (4), state (4), 4 bytes of padding, time (8), checkpoint
 * location (8), its redo location (8), its timeline (4). The server writes the file with one write
 * call.
 */
final class ControlFile {
    private static final int HEAD = 52;
    private static final int FIRST_FORMAT = 1201;
    private static final int LAST_FORMAT = 1899;

    private ControlFile() {}

    /** Cluster states in the order of their numbers in the file. */
    enum State {
        STARTING_UP("starting up"),
        SHUT_DOWN("shut down"),
        SHUT_DOWN_IN_RECOVERY("shut down in recovery"),
        SHUTTING_DOWN("shutting down"),
        IN_CRASH_RECOVERY("in crash recovery"),
        IN_ARCHIVE_RECOVERY("in archive recovery"),
        IN_PRODUCTION("in production");

        private final String text;

        State(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    record Head(String systemId, State state, Lsn checkpoint, int timeline) {}

    /** Empty if there is no file or it has an unknown format. */
    static Optional<Head> head(Path dataDirectory) {
        ByteBuffer buffer = ByteBuffer.allocate(HEAD).order(ByteOrder.nativeOrder());
        try (FileChannel file =
                FileChannel.open(
                        dataDirectory.resolve("global/pg_control"), StandardOpenOption.READ)) {
            while (buffer.hasRemaining() && file.read(buffer) >= 0) {
                // read on until the head is complete
            }
        } catch (IOException e) {
            return Optional.empty(); // absent, or on its way to be removed: nothing to say
        }
        return buffer.hasRemaining() ? Optional.empty() : parse(buffer);
    }

    private static Optional<Head> parse(ByteBuffer buffer) {
        int format = buffer.getInt(8);
        int state = buffer.getInt(16);
        boolean known =
                format >= FIRST_FORMAT
                        && format <= LAST_FORMAT
                        && state >= 0
                        && state < State.values().length;
        if (!known) {
            return Optional.empty();
        }
        return Optional.of(
                new Head(
                        Long.toUnsignedString(buffer.getLong(0)),
                        State.values()[state],
                        new Lsn(buffer.getLong(32)),
                        buffer.getInt(48)));
    }

    /** Splits the output of pg_controldata: name, colon, value. */
    static Map<String, String> parse(String output) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : output.split("\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(line.substring(0, colon).trim(), line.substring(colon + 1).trim());
            }
        }
        return values;
    }

    /** Empty if the map does not look like the output of a working pg_controldata. */
    static Optional<ControlData> data(Map<String, String> values) {
        try {
            return Optional.of(
                    new ControlData(
                            value(values, "Database cluster state"),
                            Integer.parseInt(value(values, "Latest checkpoint's TimeLineID")),
                            Lsn.parse(value(values, "Latest checkpoint location")),
                            rewindable(values)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // damaged pg_control; the caller reports the tool's words
        }
    }

    private static boolean rewindable(Map<String, String> values) {
        return values.getOrDefault("wal_log_hints setting", "").equals("on")
                || !values.getOrDefault("Data page checksum version", "0").equals("0");
    }

    private static String value(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }
}
