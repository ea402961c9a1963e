package io.matriarch.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What Linux says about processes. Everything is read at the moment of the call; a process that
 * vanishes meanwhile is simply not there.
 */
final class ProcFs {
    private static final Path PROC = Path.of("/proc");

    private ProcFs() {}

    /**
     * @param state the kernel's letter
     * @param startTicks since boot; with the pid it names one process for ever
     */
    record Stat(char state, long parent, long startTicks) {
        /** A zombie runs no code and holds no file: it only waits for its parent to read it. */
        boolean dead() {
            return state == 'Z' || state == 'X' || state == 'x';
        }

        static Optional<Stat> parse(String text) {
            int end = text.lastIndexOf(')');
            if (end < 0) {
                return Optional.empty();
            }
            String[] fields = text.substring(end + 1).trim().split(" +");
            if (fields.length < 20) {
                return Optional.empty();
            }
            return Optional.of(
                    new Stat(
                            fields[0].charAt(0),
                            Long.parseLong(fields[1]),
                            Long.parseLong(fields[19])));
        }
    }

    static Optional<Stat> stat(long pid) {
        return text(pid, "stat").flatMap(Stat::parse);
    }

    /** Words of the command line; a server process shows its title as the only word. */
    static String title(long pid) {
        return text(pid, "cmdline").orElse("").replace('\0', ' ').trim();
    }

    /** Base name of the executable; empty if it cannot be read. */
    static Optional<String> executable(long pid) {
        return link(pid, "exe")
                .map(path -> path.getFileName().toString().replace(" (deleted)", ""));
    }

    static Optional<Path> directory(long pid) {
        return link(pid, "cwd");
    }

    static List<Long> children(long pid) {
        // This file exists only where the kernel was built with it; the walk below always works.
        Optional<String> listed = text(pid, "task/" + pid + "/children");
        if (listed.isPresent()) {
            List<Long> pids = new ArrayList<>();
            for (String word : listed.get().trim().split(" +")) {
                if (!word.isEmpty()) {
                    pids.add(Long.parseLong(word));
                }
            }
            return pids;
        }
        return all().stream()
                .filter(each -> stat(each).filter(s -> s.parent() == pid).isPresent())
                .toList();
    }

    /** Children, their children and so on; parents before their children. */
    static List<Long> descendants(long pid) {
        List<Long> found = new ArrayList<>(children(pid));
        for (int i = 0; i < found.size(); i++) {
            for (Long child : children(found.get(i))) {
                if (!found.contains(child)) {
                    found.add(child);
                }
            }
        }
        return found;
    }

    static List<Long> all() {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                pids.add(Long.parseLong(entry.getFileName().toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the processes in /proc", e);
        } catch (DirectoryIteratorException e) {
            throw new UncheckedIOException("cannot list the processes in /proc", e.getCause());
        }
        return pids;
    }

    /** The effective user of this process; 0 is root. */
    static int ownUser() {
        String status = text(ProcessHandle.current().pid(), "status").orElse("");
        return status.lines()
                .filter(line -> line.startsWith("Uid:"))
                .map(line -> Integer.parseInt(line.trim().split("\\s+")[2]))
                .findFirst()
                .orElse(-1);
    }

    private static Optional<Path> link(long pid, String name) {
        try {
            return Optional.of(
                    Files.readSymbolicLink(PROC.resolve(Long.toString(pid)).resolve(name)));
        } catch (IOException e) {
            return Optional.empty(); // gone, or another user's: the caller treats it as unknown
        }
    }

    private static Optional<String> text(long pid, String name) {
        try {
            return Optional.of(
                    Files.readString(
                            PROC.resolve(Long.toString(pid)).resolve(name),
                            StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty(); // the process is gone
        }
    }
}
