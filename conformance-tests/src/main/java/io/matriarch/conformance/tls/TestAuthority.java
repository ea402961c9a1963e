package io.matriarch.conformance.tls;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An authority that issues certificates into a folder, and another one, which issues none: both for
 * two days, made by openssl. What is called NAME stands in the files {@code NAME.pem} and {@code
 * NAME.key}, in PEM, the key (RSA) without a password.
 *
 * <p>A folder that cannot be written ends in an {@link UncheckedIOException}, an openssl that fails
 * in an {@link IllegalStateException} with its output. For one thread.
 */
public final class TestAuthority {
    private final Path folder;

    /** Makes the two authorities, or skips the running test if openssl is not on the PATH. */
    public TestAuthority(Path folder) {
        assumeTrue(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, "openssl"))),
                "openssl is not on the PATH, so this test was not run; install it");
        this.folder = folder;
        make("ca");
        make("other");
    }

    private void make(String name) {
        openssl(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-keyout",
                text(name + ".key"),
                "-out",
                text(name + ".pem"));
    }

    /**
     * Issues a certificate.
     *
     * @param subject the common name
     * @param usage as openssl names it, such as {@code serverAuth,clientAuth}
     * @param names the alternative names as openssl writes them, such as {@code IP:127.0.0.1}
     */
    public void issue(String name, String subject, String usage, String names) {
        Path extensions = folder.resolve(name + ".ext");
        try {
            Files.writeString(
                    extensions, "subjectAltName=" + names + "\nextendedKeyUsage=" + usage + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        openssl(
                "req",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=" + subject,
                "-keyout",
                text(name + ".key"),
                "-out",
                text(name + ".csr"));
        openssl(
                "x509",
                "-req",
                "-days",
                "2",
                "-in",
                text(name + ".csr"),
                "-CA",
                text("ca.pem"),
                "-CAkey",
                text("ca.key"),
                "-CAcreateserial",
                "-extfile",
                extensions.toString(),
                "-out",
                text(name + ".pem"));
    }

    /** Runs openssl, for other forms of what there is. */
    public void openssl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A file of the folder, such as {@code server.pem}; {@code ca} and {@code other} are there. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    private String text(String name) {
        return file(name).toString();
    }
}
