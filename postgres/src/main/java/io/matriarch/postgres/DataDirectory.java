package io.matriarch.postgres;

import io.matriarch.engine.port.LocalState;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data directory as a thing on disk. It is removed only on order, never by guess. */
record DataDirectory(Path path) {
    private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);

    /** Begins the name of a file in the directory that {@link UnfinishedCopy} puts there. */
    static final String TOKEN = "matriarch.unfinished.";

    /** Before it, a primary that crashed during a backup had a backup_label too. */
    private static final int NO_EXCLUSIVE_BACKUP_SINCE = 15;

    static final int OLDEST_MAJOR = 12;
    static final int NEWEST_MAJOR = 18;

    /** What lies there, and why it cannot be told if so. */
    record Look(LocalState.DataDirectory kind, String problem) {}

    Look look() {
        if (Files.exists(path.resolve("global/pg_control"))) {
            return new Look(LocalState.DataDirectory.PRESENT, "");
        }
        if (!Files.exists(path)) {
            return Files.notExists(path)
                    ? new Look(LocalState.DataDirectory.EMPTY, "")
                    : unreadable("it cannot be looked at; check the rights of its parents");
        }
        try (Stream<Path> entries = Files.list(path)) {
            boolean empty =
                    entries.map(entry -> entry.getFileName().toString())
                            .allMatch(name -> name.startsWith(".") || name.equals("lost+found"));
            return new Look(
                    empty ? LocalState.DataDirectory.EMPTY : LocalState.DataDirectory.PRESENT, "");
        } catch (IOException e) {
            return unreadable(e.toString());
        }
    }

    private Look unreadable(String why) {
        return new Look(
                LocalState.DataDirectory.UNREADABLE,
                "The data directory " + path + " is not readable: " + why);
    }

    boolean empty() {
        return look().kind() == LocalState.DataDirectory.EMPTY;
    }

    /** Nothing at all lies there: what pg_basebackup asks of a directory that it fills. */
    boolean vacant() {
        if (Files.notExists(path)) {
            return true;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        } catch (IOException e) {
            log.debug("{} cannot be listed: {}", path, e.toString());
            return false;
        }
    }

    /** Major version by PG_VERSION; 0 if there is none. */
    int major() {
        try {
            return Integer.parseInt(
                    Files.readString(path.resolve("PG_VERSION")).trim().split("\\.")[0]);
        } catch (IOException | NumberFormatException e) {
            return 0; // absent or garbage: unknown either way
        }
    }

    /** Whether this is a base backup that was never started, which only a start can recover. */
    boolean restoredCopy() {
        return major() >= NO_EXCLUSIVE_BACKUP_SINCE && Files.exists(path.resolve("backup_label"));
    }

    static boolean supported(int major) {
        return major >= OLDEST_MAJOR && major <= NEWEST_MAJOR;
    }

    static String unsupported(int major) {
        return "PostgreSQL "
                + major
                + " is not supported; use a version from "
                + OLDEST_MAJOR
                + " to "
                + NEWEST_MAJOR;
    }

    boolean standbyConfigured() {
        return Files.exists(path.resolve("standby.signal"));
    }

    boolean recoveryConfigured() {
        return standbyConfigured() || Files.exists(path.resolve("recovery.signal"));
    }

    void removeRecoverySignals() throws IOException {
        Files.deleteIfExists(path.resolve("standby.signal"));
        Files.deleteIfExists(path.resolve("recovery.signal"));
    }

    /** Removes everything, also what lies behind the links of pg_wal and of the tablespaces. */
    void remove() throws IOException {
        log.info("Removing data directory: {}", path);
        if (Files.isSymbolicLink(path)) {
            Files.delete(path);
            return;
        }
        for (Path link : outsideLinks()) {
            deleteTree(link.toRealPath());
        }
        for (Path entry : entries()) {
            if (!isToken(entry)) {
                deleteTree(entry);
            }
        }
        removeTokens();
        deleteTree(path);
    }

    private List<Path> entries() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.toList();
        }
    }

    private static boolean isToken(Path entry) {
        return entry.getFileName().toString().startsWith(TOKEN);
    }

    boolean hasToken() {
        try {
            return entries().stream().anyMatch(DataDirectory::isToken);
        } catch (IOException e) {
            log.debug("{} cannot be listed: {}", path, e.toString());
            return false;
        }
    }

    void removeTokens() throws IOException {
        for (Path entry : entries()) {
            if (isToken(entry)) {
                Files.deleteIfExists(entry);
            }
        }
    }

    /** Renames everything to {@code .failed}, for people to look at. One failed copy is kept. */
    void moveAside() throws IOException {
        for (Path link : outsideLinks()) {
            Path target = link.toRealPath();
            Path aside = moveAside(target);
            Files.delete(link);
            Files.createSymbolicLink(link, aside);
        }
        log.info("Renamed data directory to {}", moveAside(path));
    }

    private static Path moveAside(Path from) throws IOException {
        Path to = from.resolveSibling(from.getFileName() + ".failed");
        deleteTree(to);
        return Files.move(from, to);
    }

    private List<Path> outsideLinks() throws IOException {
        List<Path> links = new ArrayList<>();
        Path wal = path.resolve("pg_wal");
        if (Files.isSymbolicLink(wal) && Files.exists(wal)) {
            links.add(wal);
        }
        Path tablespaces = path.resolve("pg_tblspc");
        if (Files.isDirectory(tablespaces)) {
            try (Stream<Path> entries = Files.list(tablespaces)) {
                entries.filter(Files::isSymbolicLink).filter(Files::exists).forEach(links::add);
            }
        }
        return links;
    }

    static void deleteTree(Path root) throws IOException {
        if (Files.notExists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path directory, IOException failure)
                            throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        deleteDirectory(directory, directory.equals(root));
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /** The root may be a mount point, or lie in a directory of another owner: it stays, empty. */
    private static void deleteDirectory(Path directory, boolean root) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (FileSystemException e) {
            if (!root || !new DataDirectory(directory).vacant()) {
                throw e;
            }
            log.info("{} is empty but stays: {}", directory, e.getReason());
        }
    }
}
