package io.matriarch.benchmark.costs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Counts the entries in a log of the embedded store, by what they ask for. A file of it is a head
 * of eight bytes, then entries: a length, a protocol-buffers message, a checksum of four bytes;
 * zeros follow to the end of what was reserved. An entry that is being written is not counted yet.
 */
final class RaftLog {
    private static final int HEAD = "RaftLog1".length();
    private static final int CHECKSUM = 4;
    private static final int LENGTH_DELIMITED = 2;
    private static final int COMMAND_FIELD = 3;
    private static final int DATA_FIELD = 1;

    /** In the order of the tags in the log's format, which starts at 1. */
    private static final List<String> KINDS =
            List.of(
                    "read",
                    "claim or renewal",
                    "release",
                    "member record",
                    "write",
                    "purge",
                    "clock",
                    "clock",
                    "end of a session",
                    "count of sessions");

    private RaftLog() {}

    /** All of a member's log that is on disk. */
    static Counts in(Path folder) throws IOException {
        TreeMap<String, Long> counts = new TreeMap<>();
        for (Path file : files(folder)) {
            count(ByteBuffer.wrap(Files.readAllBytes(file)), counts);
        }
        return new Counts(counts);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.getFileName().toString().matches("log_.*\\d+"))
                    .filter(Files::isRegularFile)
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    static void count(ByteBuffer file, TreeMap<String, Long> counts) {
        if (file.remaining() < HEAD) {
            return;
        }
        file.position(file.position() + HEAD);
        try {
            while (file.hasRemaining()) {
                int length = (int) varint(file);
                if (length == 0 || length + CHECKSUM > file.remaining()) {
                    return;
                }
                ByteBuffer entry = file.slice(file.position(), length);
                file.position(file.position() + length + CHECKSUM);
                kind(entry).ifPresent(kind -> counts.merge(kind, 1L, Long::sum));
            }
        } catch (BufferUnderflowException e) {
            return; // the last entry is being written
        }
    }

    /** Empty for an entry of the library's own. */
    private static Optional<String> kind(ByteBuffer entry) {
        return field(entry, COMMAND_FIELD)
                .flatMap(command -> field(command, DATA_FIELD))
                .map(RaftLog::kindOfRequest);
    }

    /** A request is a text of a length, two numbers, and the tag of its command. */
    private static String kindOfRequest(ByteBuffer request) {
        byte[] sender = new byte[request.getInt()];
        request.get(sender);
        request.getLong();
        request.getLong();
        int tag = request.get();
        String kind = tag >= 1 && tag <= KINDS.size() ? KINDS.get(tag - 1) : "unknown " + tag;
        boolean own = new String(sender, StandardCharsets.UTF_8).startsWith("clock ");
        return own ? "clock" : kind;
    }

    /** The contents of the first field of that number that has a length. */
    private static Optional<ByteBuffer> field(ByteBuffer message, int wanted) {
        ByteBuffer in = message.duplicate();
        while (in.hasRemaining()) {
            long key = varint(in);
            int type = (int) (key & 7);
            if (type == LENGTH_DELIMITED) {
                int length = (int) varint(in);
                ByteBuffer content = in.slice(in.position(), length);
                in.position(in.position() + length);
                if (key >>> 3 == wanted) {
                    return Optional.of(content);
                }
            } else {
                skip(in, type);
            }
        }
        return Optional.empty();
    }

    private static void skip(ByteBuffer in, int type) {
        switch (type) {
            case 0 -> varint(in);
            case 1 -> in.position(in.position() + Long.BYTES);
            case 5 -> in.position(in.position() + Integer.BYTES);
            default -> throw new IllegalArgumentException("no protocol buffers: type " + type);
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of the log does not end");
    }
}
