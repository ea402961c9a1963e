package io.matriarch.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What Linux says about processes. Everything is read at the moment of the call; a process that
 * vanishes meanwhile is simply not there. That it cannot be read for another reason (no file
 * handles, no rights, an error of the kernel) says nothing, and must never look like its end: that
 * is {@link Unreadable}.
 */
final class ProcFs {
    private static final Path PROC = Path.of("/proc");

    private static final String NO_SUCH_PROCESS = "No such process";

    private ProcFs() {}

    /** Whether the process lives cannot be told now. */
    static final class Unreadable extends UncheckedIOException {
        private static final long serialVersionUID = 1L;

        Unreadable(Path file, IOException cause) {
            super("cannot read " + file + ": " + cause, cause);
        }
    }

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

    /**
     * @return empty if there is no such process
     * @throws Unreadable if that cannot be told
     */
    static Optional<Stat> stat(long pid) {
        return text(pid, "stat").flatMap(Stat::parse);
    }

    /** Variables as NAME=VALUE; empty if they are not ours to read. */
    static List<String> environment(long pid) {
        try {
            return List.of(text(pid, "environ").orElse("").split("\0"));
        } catch (Unreadable e) {
            return List.of(); // another user's: nothing that this daemon has started
        }
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
        return all().stream().filter(each -> isChild(each, pid)).toList();
    }

    private static boolean isChild(long pid, long parent) {
        try {
            return stat(pid).filter(s -> s.parent() == parent).isPresent();
        } catch (Unreadable e) {
            if (e.getCause() instanceof AccessDeniedException) {
                return false; // another user's, where /proc hides them
            }
            throw e;
        }
    }

    /** Also a zombie, and also one that cannot be looked at. */
    static boolean exists(long pid) {
        return !Files.notExists(PROC.resolve(Long.toString(pid)));
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
        Path file = PROC.resolve(Long.toString(pid)).resolve(name);
        try {
            return Optional.of(Files.readSymbolicLink(file));
        } catch (AccessDeniedException e) {
            // Another user's. The server runs with our rights, or it could not open our files.
            return Optional.empty();
        } catch (IOException e) {
            if (gone(e)) {
                return Optional.empty();
            }
            throw new Unreadable(file, e);
        }
    }

    private static Optional<String> text(long pid, String name) {
        return text(PROC.resolve(Long.toString(pid)).resolve(name));
    }

    static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            if (gone(e)) {
                return Optional.empty();
            }
            throw new Unreadable(file, e);
        }
    }

    /**
     * A process that ends between the opening and the reading of its file is told by ESRCH, which
     * Java passes on as text only. In another language the text is not known: then it counts as
     * unreadable once, and as gone at the next look.
     */
    static boolean gone(IOException failure) {
        return failure instanceof NoSuchFileException
                || String.valueOf(failure.getMessage()).contains(NO_SUCH_PROCESS);
    }
}
