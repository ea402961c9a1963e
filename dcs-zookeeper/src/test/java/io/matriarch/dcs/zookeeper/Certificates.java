package io.matriarch.dcs.zookeeper;

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

/** Certificates for loopback, made by openssl for one test. */
final class Certificates {
    static final String PASSWORD = "sealed";

    private final Path folder;

    Certificates(Path folder) throws IOException {
        assumeOpenssl();
        this.folder = folder;
        authority("ca");
        authority("other");
        issue("server", "serverAuth,clientAuth");
        issue("client", "clientAuth");
        openssl("rsa", "-traditional", "-in", file("client.key"), "-out", file("client-old.key"));
        openssl(
                "pkcs8",
                "-topk8",
                "-in",
                file("client.key"),
                "-out",
                file("client-sealed.key"),
                "-passout",
                "pass:" + PASSWORD);
        openssl(
                "pkcs12",
                "-export",
                "-in",
                file("server.pem"),
                "-inkey",
                file("server.key"),
                "-out",
                file("server.p12"),
                "-passout",
                "pass:" + PASSWORD);
    }

    private void authority(String name) {
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
                file(name + ".key"),
                "-out",
                file(name + ".pem"));
    }

    private void issue(String name, String usage) throws IOException {
        Path extensions = folder.resolve(name + ".ext");
        Files.writeString(
                extensions,
                "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=" + usage + "\n");
        openssl(
                "req",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-keyout",
                file(name + ".key"),
                "-out",
                file(name + ".csr"));
        openssl(
                "x509",
                "-req",
                "-days",
                "2",
                "-in",
                file(name + ".csr"),
                "-CA",
                file("ca.pem"),
                "-CAkey",
                file("ca.key"),
                "-CAcreateserial",
                "-extfile",
                extensions.toString(),
                "-out",
                file(name + ".pem"));
    }

    private static void openssl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        run(command);
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    Path authority() {
        return folder.resolve("ca.pem");
    }

    Path otherAuthority() {
        return folder.resolve("other.pem");
    }

    Path serverStore() {
        return folder.resolve("server.p12");
    }

    Path client() {
        return folder.resolve("client.pem");
    }

    Path clientKey() {
        return folder.resolve("client.key");
    }

    /** The client's key, sealed with {@link #PASSWORD}. */
    Path sealedKey() {
        return folder.resolve("client-sealed.key");
    }

    private static void assumeOpenssl() {
        boolean found =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, "openssl")));
        assumeTrue(found, "openssl is not on the PATH (dev/provision installs it)");
    }

    private static void run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.PIPE)
                            .start();
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

    /** The form that OpenSSL wrote before PKCS#8. */
    Path oldFormKey() {
        return folder.resolve("client-old.key");
    }
}
