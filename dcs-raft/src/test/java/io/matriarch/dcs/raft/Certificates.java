package io.matriarch.dcs.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Certificates of members on loopback, made by openssl for one test. */
final class Certificates {
    private final Path folder;

    Certificates(Path folder) throws IOException {
        this.folder = folder;
        for (String authority : List.of("ca", "other-ca")) {
            openssl(
                    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
                            + " -subj /CN="
                            + authority,
                    "-keyout",
                    file(authority + ".key"),
                    "-out",
                    file(authority + ".pem"));
        }
        issue("member", "ca", "IP:127.0.0.1");
        issue("elsewhere", "ca", "IP:192.0.2.1");
        issue("stranger", "other-ca", "IP:127.0.0.1");
        openssl("ec", "-in", file("member.key"), "-out", file("member-old.key"));
    }

    private void issue(String name, String authority, String address) throws IOException {
        Path extensions = folder.resolve(name + ".ext");
        Files.writeString(
                extensions,
                "subjectAltName=" + address + "\nextendedKeyUsage=serverAuth,clientAuth\n");
        openssl(
                "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=" + name,
                "-keyout",
                file(name + ".key"),
                "-out",
                file(name + ".csr"));
        openssl(
                "x509 -req -days 2 -CAcreateserial",
                "-in",
                file(name + ".csr"),
                "-CA",
                file(authority + ".pem"),
                "-CAkey",
                file(authority + ".key"),
                "-extfile",
                extensions.toString(),
                "-out",
                file(name + ".pem"));
    }

    private static void openssl(String words, String... more) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words.split(" ")));
        command.addAll(List.of(more));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor()).as(said).isZero();
        } catch (IOException e) {
            assumeTrue(false, "openssl is not installed; run dev/provision (" + e + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    /** What a section says of a member that believes one authority and proves itself by another. */
    Map<String, String> settings(String authority, String identity) {
        return new HashMap<>(
                Map.of(
                        "cafile", file(authority + ".pem"),
                        "certfile", file(identity + ".pem"),
                        "keyfile", file(identity + ".key")));
    }

    /** Overwrites the files of one identity, and the authority's, with those of another. */
    void rotate(String name, String other, String authority) throws IOException {
        for (String kind : List.of(".pem", ".key")) {
            Files.writeString(
                    folder.resolve(name + kind), Files.readString(folder.resolve(other + kind)));
        }
        Files.writeString(
                folder.resolve("ca.pem"), Files.readString(folder.resolve(authority + ".pem")));
    }

    void spoil(String name) throws IOException {
        Files.writeString(folder.resolve(name + ".key"), "not a key\n");
    }

    /** The form that OpenSSL wrote before PKCS#8. */
    String oldFormKey() {
        return file("member-old.key");
    }

    String certificateWithKey() throws IOException {
        Path both = folder.resolve("both.pem");
        Files.writeString(
                both,
                Files.readString(folder.resolve("member.pem"))
                        + Files.readString(folder.resolve("member.key")));
        return both.toString();
    }
}
