package io.matriarch.benchmark.costs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a process uses, as the kernel tells.
 *
 * @param residentKb memory that is present, files that others may share included
 * @param ownKb the part of it that no file stands behind
 * @param cpu time since its start
 */
record ProcessUse(long residentKb, long ownKb, Duration cpu) {
    /** What user programs see, on every architecture of Linux that PostgreSQL runs on. */
    private static final int TICKS_PER_SECOND = 100;

    /** Fields of {@code stat} behind the name, which may hold anything. */
    private static final int USER_TICKS = 11;

    static ProcessUse of(long pid) throws IOException {
        Path folder = Path.of("/proc", Long.toString(pid));
        return of(
                Files.readString(folder.resolve("status")),
                Files.readString(folder.resolve("stat")));
    }

    static ProcessUse of(String status, String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ");
        long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1]);
        return new ProcessUse(
                kilobytes(status, "VmRSS:"),
                kilobytes(status, "RssAnon:"),
                Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND));
    }

    private static long kilobytes(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).replace("kB", "").trim())
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + name + " in " + status));
    }

    Duration cpuSince(ProcessUse before) {
        return cpu.minus(before.cpu);
    }
}
