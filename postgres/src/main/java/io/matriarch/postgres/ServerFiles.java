package io.matriarch.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Writes files for the server: complete or not at all, with the mode that the data directory asks
 * for, and with its owner when that is another user than ours (tests that run as root).
 */
final class ServerFiles {
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> GROUP =
            PosixFilePermissions.fromString("rw-r-----");

    private final boolean givesAway;

    /**
     * @param givesAway new files get the owner of their directory
     */
    ServerFiles(boolean givesAway) {
        this.givesAway = givesAway;
    }

    /** Replaces a file of the data or configuration directory. */
    void write(Path file, String content) throws IOException {
        write(file, content, mode(file.toAbsolutePath().getParent()));
    }

    /** Replaces a file that holds a secret. */
    void writePrivate(Path file, String content) throws IOException {
        write(file, content, PRIVATE);
    }

    private void write(Path file, String content, Set<PosixFilePermission> mode)
            throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(mode));
        Files.setPosixFilePermissions(temporary, mode);
        Files.writeString(
                temporary,
                content,
                StandardCharsets.UTF_8,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        giveAway(temporary);
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Replaces the file only if its content differs; true if it did. */
    boolean update(Path file, String content) throws IOException {
        if (read(file).filter(content::equals).isPresent()) {
            return false;
        }
        write(file, content);
        return true;
    }

    static Optional<String> read(Path file) throws IOException {
        return Files.exists(file)
                ? Optional.of(Files.readString(file, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    void copy(Path from, Path to) throws IOException {
        if (Files.isRegularFile(from)) {
            update(to, Files.readString(from, StandardCharsets.UTF_8));
        }
    }

    void createDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            giveAway(directory);
        }
    }

    private void giveAway(Path file) throws IOException {
        if (givesAway) {
            Files.setOwner(file, Files.getOwner(file.toAbsolutePath().getParent()));
        }
    }

    private static Set<PosixFilePermission> mode(Path directory) throws IOException {
        return Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS)
                        .contains(PosixFilePermission.GROUP_READ)
                ? GROUP
                : PRIVATE;
    }
}
