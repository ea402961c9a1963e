package io.matriarch.daemon.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** An authority, a server and a client, made with openssl in a folder of the test. */
final class Certificates {
    private final Path dir;

    private Certificates(Path dir) {
        this.dir = dir;
    }

    static Certificates in(Path dir) throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        Certificates certificates = new Certificates(dir);
        certificates.openssl(
                "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=ca");
        certificates.issue("server", "server");
        certificates.issue("client", "client");
        return certificates;
    }

    /** A key and a certificate NAME.key, NAME.pem with that common name. */
    void issue(String name, String commonName) throws Exception {
        openssl(
                "req -newkey rsa:2048 -nodes -keyout "
                        + name
                        + ".key -out "
                        + name
                        + ".csr -subj /CN="
                        + commonName);
        Files.writeString(file(name + ".ext"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
        openssl(
                "x509 -req -in "
                        + name
                        + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile "
                        + name
                        + ".ext -out "
                        + name
                        + ".pem");
    }

    Path file(String name) {
        return dir.resolve(name);
    }

    Api.Settings settings() {
        Api.Settings settings = new Api.Settings();
        settings.cert = Optional.of(file("server.pem").toString());
        settings.key = Optional.of(file("server.key").toString());
        settings.ca = Optional.of(file("ca.pem").toString());
        return settings;
    }

    /** Runs openssl in the folder and returns what it printed, standard error included. */
    String openssl(String arguments) throws IOException, InterruptedException {
        return openssl(arguments, "", true);
    }

    String openssl(String arguments, String input, boolean mustSucceed)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/openssl"));
        command.addAll(List.of(arguments.split(" ")));
        Path out = Files.createTempFile(dir, "openssl", ".out");
        Path in = Files.writeString(Files.createTempFile(dir, "openssl", ".in"), input);
        Process process =
                new ProcessBuilder(command)
                        .directory(dir.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .redirectInput(in.toFile())
                        .start();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("openssl " + arguments + " does not end");
        }
        String text = Files.readString(out, java.nio.charset.StandardCharsets.ISO_8859_1);
        if (mustSucceed && process.exitValue() != 0) {
            throw new IOException("openssl " + arguments + ": " + text);
        }
        return text + "\nexit " + process.exitValue();
    }
}
