package io.matriarch.dcs.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Certificates for loopback and the key of service accounts, made by openssl for one cluster. */
final class Certificates {
    private final Path folder;

    Certificates(Path folder) {
        this.folder = folder;
        authority("ca");
        authority("other");
        issue("server", "server", "serverAuth", "IP:127.0.0.1,DNS:localhost");
        // Its certificate names no address that it is reached at.
        issue("unnamed", "server", "serverAuth", "DNS:kubernetes.default.svc");
        issue("client", "operator", "clientAuth", "DNS:operator");
        openssl("genrsa", "-out", file("accounts.key"), "2048");
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

    private void issue(String name, String subject, String usage, String names) {
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

    private void openssl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Processes.run(command, folder);
    }

    /** The path of a file by its name: ca, other, server, unnamed and client, .pem and .key. */
    String file(String name) {
        return folder.resolve(name).toString();
    }
}
