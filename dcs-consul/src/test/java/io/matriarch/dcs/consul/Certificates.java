package io.matriarch.dcs.consul;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Certificates for loopback, made by openssl for one test. */
final class Certificates {
    private final Path folder;

    Certificates(Path folder) throws IOException {
        ConsulBinary.assumeInstalled("openssl");
        this.folder = folder;
        authority("ca");
        authority("other");
        issue("server", "serverAuth,clientAuth");
        issue("client", "clientAuth");
        openssl("rsa", "-traditional", "-in", file("client.key"), "-out", file("client-old.key"));
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
        ConsulBinary.run(command);
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

    Path server() {
        return folder.resolve("server.pem");
    }

    Path serverKey() {
        return folder.resolve("server.key");
    }

    Path client() {
        return folder.resolve("client.pem");
    }

    Path clientKey() {
        return folder.resolve("client.key");
    }

    /** The form that OpenSSL wrote before PKCS#8. */
    Path oldFormKey() {
        return folder.resolve("client-old.key");
    }
}
