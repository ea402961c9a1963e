package io.matriarch.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.lab.Account;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system in memory, small enough to be filled. */
final class SmallDisk implements AutoCloseable {
    private final Path root;

    private SmallDisk(Path root) {
        this.root = root;
    }

    /** The test is skipped, with the reason, if nothing can be mounted. */
    static SmallDisk mount(int megabytes) throws IOException {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "only root can mount a small disk");
        Path root = Files.createTempDirectory("matriarch-disk-");
        int code =
                run(
                        List.of(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=" + megabytes + "m",
                                "tmpfs",
                                "" + root));
        if (code != 0) {
            Files.delete(root);
        }
        assumeTrue(code == 0, "this machine does not allow to mount a tmpfs");
        return new SmallDisk(root);
    }

    /** A new folder on it that the servers may write. */
    Path folder(String name) throws Exception {
        Files.setPosixFilePermissions(
                root, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        Path folder = Files.createDirectory(root.resolve(name));
        Account.choose().own(folder);
        return folder;
    }

    /** Takes all of the space that is left. */
    void fill() throws IOException {
        byte[] block = new byte[64 * 1024];
        try (OutputStream filler = Files.newOutputStream(root.resolve("filler"))) {
            while (true) {
                filler.write(block);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    void free() throws IOException {
        Files.delete(root.resolve("filler"));
    }

    private static int run(List<String> command) throws IOException {
        return new ProcessBuilder(command).inheritIO().start().onExit().join().exitValue();
    }

    @Override
    public void close() throws IOException {
        if (run(List.of("umount", root.toString())) != 0) {
            throw new IOException(root + " could not be unmounted");
        }
        Files.delete(root);
    }
}
