package io.matriarch.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the lease of this member is proven, left in the data directory for the daemon that may
 * be started next beside a server that still runs: it must stop that server in time even if it gets
 * no answer from the store.
 *
 * <p>The time is that of {@code /proc/uptime}, which is one clock for all processes of a boot
 * (proc(5)); the boot and the member are written along with it, so that a copy of the file on
 * another machine, or after a reboot, says nothing.
 */
final class LeaseNote {
    private static final Logger log = LoggerFactory.getLogger(LeaseNote.class);
    private static final String NAME = "matriarch.lease";
    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /** The clock shows hundredths of a second. */
    private static final Duration RESOLUTION = Duration.ofMillis(10);

    private final Instance instance;
    private Optional<Path> written = Optional.empty();

    LeaseNote(Instance instance) {
        this.instance = instance;
    }

    /**
     * @param writesEndAt nanoseconds of {@link System#nanoTime()}
     */
    void write(long writesEndAt) {
        Path directory = instance.dataPath();
        try {
            if (!Files.exists(directory.resolve("PG_VERSION"))) {
                return;
            }
            long end = uptime() + (writesEndAt - System.nanoTime()) - RESOLUTION.toNanos();
            Path file = directory.resolve(NAME);
            instance.files()
                    .write(
                            file,
                            String.join("\n", instance.setup().memberName(), boot(), "" + end)
                                    + "\n");
            written = Optional.of(file);
        } catch (IOException | IllegalArgumentException e) {
            log.warn("How long the lease holds could not be noted for a later start: {}", e + "");
        }
    }

    /** Nothing is proven any more. */
    void clear() {
        try {
            if (written.isPresent()) {
                Files.deleteIfExists(written.get());
                written = Optional.empty();
            }
        } catch (IOException e) {
            // Harmless: it only makes a later daemon stop a primary that proves nothing itself.
            log.warn("{} could not be removed: {}", written.get(), e.toString());
        }
    }

    /** What an earlier process wrote, in nanoseconds of {@link System#nanoTime()}. */
    OptionalLong read() {
        Path file = instance.dataPath().resolve(NAME);
        try {
            Optional<String> text = ServerFiles.read(file);
            List<String> lines = text.map(t -> t.lines().toList()).orElse(List.of());
            if (lines.size() < 3
                    || !lines.get(0).equals(instance.setup().memberName())
                    || !lines.get(1).equals(boot())) {
                return OptionalLong.empty();
            }
            written = Optional.of(file);
            return OptionalLong.of(System.nanoTime() + Long.parseLong(lines.get(2)) - uptime());
        } catch (IOException | IllegalArgumentException e) {
            log.warn("{} is unusable: {}", file, e.toString());
            return OptionalLong.empty();
        }
    }

    private static long uptime() throws IOException {
        String seconds = Files.readString(UPTIME).split(" ")[0];
        return Math.round(Double.parseDouble(seconds) * 1e9);
    }

    private static String boot() throws IOException {
        return Files.readString(BOOT).trim();
    }
}
