package io.matriarch.conformance.tls;

import java.nio.file.Path;

/**
 * Certificates of one server and one client that are reached on loopback, by {@code 127.0.0.1} or
 * {@code localhost}; the server's is good for a client too, as servers among themselves need it.
 * Made by a {@link TestAuthority}, which tells of errors. For one thread.
 */
public final class LoopbackCertificates {
    private static final String NAMES = "IP:127.0.0.1,DNS:localhost";

    private final TestAuthority authority;

    /** Makes them, or skips the running test if openssl is not on the PATH. */
    public LoopbackCertificates(Path folder) {
        this.authority = new TestAuthority(folder);
        authority.issue("server", "server", "serverAuth,clientAuth", NAMES);
        authority.issue("client", "client", "clientAuth", NAMES);
        authority.openssl(
                "rsa",
                "-traditional",
                "-in",
                clientKey().toString(),
                "-out",
                oldFormKey().toString());
    }

    /** Who issued them. */
    public Path authority() {
        return authority.file("ca.pem");
    }

    /** One who issued none of them. */
    public Path otherAuthority() {
        return authority.file("other.pem");
    }

    /** The server's certificate. */
    public Path server() {
        return authority.file("server.pem");
    }

    /** The server's key. */
    public Path serverKey() {
        return authority.file("server.key");
    }

    /** The client's certificate. */
    public Path client() {
        return authority.file("client.pem");
    }

    /** The client's key. */
    public Path clientKey() {
        return authority.file("client.key");
    }

    /** The client's key in the form that OpenSSL wrote before PKCS#8. */
    public Path oldFormKey() {
        return authority.file("client-old.key");
    }

    /**
     * The client's key, sealed with a password in the form of PKCS#8.
     *
     * @param password what opens it
     */
    public Path sealedKey(String password) {
        Path sealed = authority.file("client-sealed.key");
        authority.openssl(
                "pkcs8",
                "-topk8",
                "-in",
                clientKey().toString(),
                "-out",
                sealed.toString(),
                "-passout",
                "pass:" + password);
        return sealed;
    }

    /**
     * The server's key and certificate as PKCS#12.
     *
     * @param password what opens it
     */
    public Path serverStore(String password) {
        Path store = authority.file("server.p12");
        authority.openssl(
                "pkcs12",
                "-export",
                "-in",
                server().toString(),
                "-inkey",
                serverKey().toString(),
                "-out",
                store.toString(),
                "-passout",
                "pass:" + password);
        return store;
    }
}
