package io.matriarch.dcs.raft;

import io.matriarch.conformance.server.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/** A wall clock that the processes under it have for their own; it jumps when it is told to. */
final class WallClock {
    private final Path library;
    private final Path ahead;

    private WallClock(Path directory) {
        this.library = directory.resolve("wall-clock.so");
        this.ahead = directory.resolve("ahead");
    }

    /**
     * Skips the test where there is no C compiler.
     *
     * @param directory where its files go
     */
    static WallClock in(Path directory) throws IOException {
        Programs.assumeInstalled("cc", "install gcc and libc6-dev");
        WallClock clock = new WallClock(directory);
        Path source = directory.resolve("wall-clock.c");
        try (InputStream text = WallClock.class.getResourceAsStream("/wall-clock.c")) {
            Files.copy(text, source);
        }
        Programs.run(List.of("cc", "-shared", "-fPIC", "-o", "" + clock.library, "" + source));
        clock.set(Duration.ZERO);
        return clock;
    }

    /** What comes before the command line of a process that shall have this clock. */
    List<String> prefix() {
        return List.of("env", "LD_PRELOAD=" + library, "WALL_CLOCK=" + ahead);
    }

    /** At once, how far it is ahead of the machine's. */
    void set(Duration now) {
        ByteBuffer content =
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putLong(now.toSeconds())
                        .flip();
        // In place: the processes have the file mapped.
        try (FileChannel file =
                FileChannel.open(ahead, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(content, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
