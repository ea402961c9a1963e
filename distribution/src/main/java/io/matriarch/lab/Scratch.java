package io.matriarch.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The lab's own directory. Everything in it was made by the lab and is removed with it. */
public final class Scratch {
    private final Path directory;
    private final Account account;

    private Scratch(Path directory, Account account) {
        this.directory = directory;
        this.account = account;
    }

    public static Scratch create(Account account) throws IOException {
        Path directory = Files.createTempDirectory("matriarch-demo-");
        Scratch scratch = new Scratch(directory, account);
        account.own(directory);
        // Others may pass through to the tool's configuration; what is secret has its own mode.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return scratch;
    }

    public Path directory() {
        return directory;
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /** Writes a file of the account. */
    public Path write(String name, String text, String mode) throws IOException {
        Path file = directory.resolve(name);
        Files.createFile(
                file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
        Files.writeString(file, text, StandardCharsets.UTF_8);
        account.own(file);
        return file;
    }

    /**
     * Copies a folder of the product into the directory, for an account that cannot read the
     * original.
     */
    public Path copyOf(Path folder) throws IOException {
        Path target = directory.resolve(folder.getFileName().toString());
        try (Stream<Path> sources = Files.walk(folder)) {
            for (Path source : (Iterable<Path>) sources::iterator) {
                Path to = target.resolve(folder.relativize(source).toString());
                Files.copy(source, to, StandardCopyOption.COPY_ATTRIBUTES);
                account.own(to);
            }
        }
        return target;
    }

    /** The folder where the account can read it: the original, or a copy in the directory. */
    public Path readable(Path folder) throws IOException {
        return reaches(folder) ? folder : copyOf(folder);
    }

    /** Likewise for a program that is one file. */
    Path readableFile(Path program) throws IOException {
        if (reaches(program)) {
            return program;
        }
        Path copy = directory.resolve(program.getFileName().toString());
        Files.copy(program, copy, StandardCopyOption.COPY_ATTRIBUTES);
        account.own(copy);
        return copy;
    }

    private boolean reaches(Path place) throws IOException {
        if (account.name().isEmpty()) {
            return true;
        }
        for (Path part = place; part != null; part = part.getParent()) {
            if (!Files.getPosixFilePermissions(part).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    /** The last lines of a log, for an error message. */
    public String tail(String name, int lines) {
        try {
            List<String> all = Files.readAllLines(file(name), StandardCharsets.UTF_8);
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return "(no " + name + ": " + e.getMessage() + ")";
        }
    }

    public void remove() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(
                            file -> {
                                try {
                                    Files.deleteIfExists(file);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
