package io.matriarch.benchmark.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftLogTest {
    private static final int READ = 1;
    private static final int CLAIM = 2;
    private static final int TICK = 8;

    @TempDir private Path folder;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    private static byte[] request(String sender, int tag) {
        byte[] name = sender.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + name.length + 16 + 1 + 200)
                .putInt(name.length)
                .put(name)
                .putLong(1)
                .putLong(2)
                .put((byte) tag)
                .array();
    }

    private static byte[] field(int number, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(number << 3 | 2);
        length(out, content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static void length(ByteArrayOutputStream out, int length) {
        if (length >= 0x80) {
            out.write(length & 0x7f | 0x80);
        }
        out.write(length >= 0x80 ? length >>> 7 : length);
    }

    private void append(byte[] entry) {
        length(file, entry.length);
        file.writeBytes(entry);
        file.writeBytes(new byte[] {9, 9, 9, 9});
    }

    private void appendCommand(String sender, int tag) {
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        entry.writeBytes(new byte[] {1 << 3, 5, 2 << 3, 77}); // term and index
        entry.writeBytes(field(3, field(1, request(sender, tag))));
        append(entry.toByteArray());
    }

    private TreeMap<String, Long> counted() {
        TreeMap<String, Long> counts = new TreeMap<>();
        RaftLog.count(ByteBuffer.wrap(file.toByteArray()), counts);
        return counts;
    }

    @Test
    void countsCommandsByKindAndTheClockApart() {
        file.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
        append(new byte[] {1 << 3, 5, 4 << 3 | 2, 0}); // the library's own: a configuration
        appendCommand("one", READ);
        appendCommand("two", READ);
        appendCommand("two", CLAIM);
        appendCommand("clock 127.0.0.1:1", READ);
        appendCommand("clock 127.0.0.1:1", TICK);
        file.writeBytes(new byte[64]);

        assertThat(counted())
                .containsExactly(
                        entry("claim or renewal", 1L), entry("clock", 2L), entry("read", 2L));
    }

    @Test
    void leavesAnEntryOutThatIsBeingWritten() {
        file.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
        appendCommand("one", READ);
        byte[] whole = file.toByteArray();
        appendCommand("one", CLAIM);
        byte[] all = file.toByteArray();
        TreeMap<String, Long> counts = new TreeMap<>();

        RaftLog.count(ByteBuffer.wrap(all, 0, whole.length + 20), counts);

        assertThat(counts).containsExactly(entry("read", 1L));
    }

    @Test
    void findsTheFilesOfTheLogAmongOthers() throws IOException {
        file.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
        appendCommand("one", READ);
        Path deep = Files.createDirectories(folder.resolve("a/current"));
        Files.write(deep.resolve("log_0-12"), file.toByteArray());
        Files.write(deep.resolve("log_inprogress_13"), file.toByteArray());
        Files.write(deep.resolve("raft-meta"), new byte[] {1, 2, 3});

        assertThat(RaftLog.in(folder).byKind()).containsExactly(entry("read", 2L));
    }
}
