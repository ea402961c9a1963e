package io.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only a file that is not there, or a process that is not, tells of an end. */
class ProcFsTest {
    private static final LongFunction<Optional<ProcFs.Stat>> BLIND =
            pid -> {
                Path file = Path.of("/proc", Long.toString(pid), "stat");
                String enfile = "Too many open files in system";
                throw new ProcFs.Unreadable(
                        file, new FileSystemException(file.toString(), null, enfile));
            };

    @TempDir Path directory;

    @Test
    void aMissingFileTellsOfAnEnd() {
        assertThat(ProcFs.text(directory.resolve("stat"))).isEmpty();
        assertThat(ProcFs.exists(ProcessHandle.current().pid())).isTrue();
    }

    @Test
    void anErrorOfTheKernelDoesNot() {
        // Reading a directory is the failure that also root gets.
        assertThatThrownBy(() -> ProcFs.text(directory)).isInstanceOf(ProcFs.Unreadable.class);
        assertThat(ProcFs.gone(new FileSystemException("f", null, "Input/output error"))).isFalse();
        assertThat(ProcFs.gone(new FileSystemException("f", null, "Permission denied"))).isFalse();
    }

    @Test
    void aProcessThatEndsUnderTheReaderIsGone() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        Path file = Path.of("/proc", Long.toString(process.pid()), "stat");
        try (FileChannel open = FileChannel.open(file)) {
            process.destroyForcibly().waitFor();
            IOException failure =
                    catchThrowableOfType(
                            IOException.class, () -> open.read(ByteBuffer.allocate(100)));
            assertThat(failure).as("the kernel answers ESRCH").isNotNull();
            assertThat(ProcFs.gone(failure)).isTrue();
        }
    }

    @Test
    void aProcessThatCannotBeLookedAtCountsAsAlive() {
        ServerProcess known = new ServerProcess(4711, 99);
        assertThat(known.alive(BLIND)).isTrue();
        ServerProcess found = ServerProcess.of(4711, BLIND).orElseThrow();
        assertThat(found.known()).isFalse();
        assertThat(found.alive(BLIND)).isTrue();
        assertThat(found.alive(pid -> Optional.of(new ProcFs.Stat('S', 1, 7)))).isTrue();
        assertThat(found.alive(pid -> Optional.of(new ProcFs.Stat('Z', 1, 7)))).isFalse();
        assertThat(found.alive(pid -> Optional.empty())).isFalse();
        assertThat(known.alive(pid -> Optional.of(new ProcFs.Stat('S', 1, 7)))).isFalse();
    }
}
