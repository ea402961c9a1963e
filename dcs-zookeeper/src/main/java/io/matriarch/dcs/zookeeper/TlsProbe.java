package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.tls.Pem;
import io.matriarch.spi.tls.TrustEveryone;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The contents of the PEM files, and a handshake with them that tells what is wrong. */
final class TlsProbe {
    private static final Logger LOG = LoggerFactory.getLogger(TlsProbe.class);
    private static final char[] NO_PASSWORD = {};

    /** For connecting, and again for the handshake: the sending thread waits meanwhile. */
    private static final int PATIENCE_MILLIS = 500;

    private final ZooKeeperSettings.TlsFiles files;
    private final String section;
    private final KeyStore own;
    private final List<X509Certificate> authorities;

    private TlsProbe(ZooKeeperSettings.TlsFiles files, String section)
            throws IOException, GeneralSecurityException {
        this.files = files;
        this.section = section;
        this.own = identity(NO_PASSWORD);
        this.authorities =
                files.authority().isPresent()
                        ? Pem.certificates(files.authority().get())
                        : List.of();
    }

    /**
     * Reads the files.
     *
     * @throws DcsException.Misconfigured if they cannot be used
     */
    static TlsProbe of(ZooKeeperSettings.TlsFiles files, String section) {
        try {
            return new TlsProbe(files, section);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw unusable(section, e);
        }
    }

    static DcsException.Misconfigured unusable(String section, Exception e) {
        return new DcsException.Misconfigured(
                "the files for TLS to ZooKeeper cannot be used ("
                        + e
                        + "); correct cacert, cert, key or key_password in section "
                        + section
                        + ", or the file",
                e);
    }

    List<X509Certificate> authorities() {
        return authorities;
    }

    /** The client's key and certificate, the key sealed with a password. */
    KeyStore own(String password) throws IOException, GeneralSecurityException {
        return identity(password.toCharArray());
    }

    private KeyStore identity(char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = emptyStore();
        if (files.certificate().isPresent()) {
            Path certificate = files.certificate().get();
            store.setKeyEntry(
                    "own",
                    Pem.key(files.key().orElse(certificate), "key_password", files.keyPassword()),
                    password,
                    Pem.certificates(certificate).toArray(X509Certificate[]::new));
        }
        return store;
    }

    static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    /**
     * Shakes hands with a server and leaves.
     *
     * @return the certificate that it showed; empty if it cannot be reached
     * @throws DcsException.Misconfigured if one of the two does not trust the other
     */
    Optional<X509Certificate> ask(InetSocketAddress server) {
        try (Socket plain = new Socket()) {
            plain.connect(server, PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            try (SSLSocket socket =
                    (SSLSocket)
                            context()
                                    .getSocketFactory()
                                    .createSocket(
                                            plain,
                                            server.getHostString(),
                                            server.getPort(),
                                            true)) {
                if (files.verify()) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    socket.setSSLParameters(parameters);
                }
                socket.startHandshake();
                X509Certificate shown =
                        (X509Certificate) socket.getSession().getPeerCertificates()[0];
                listen(socket);
                return Optional.of(shown);
            }
        } catch (SSLException e) {
            throw new DcsException.Misconfigured(
                    "TLS to ZooKeeper at "
                            + server
                            + " fails ("
                            + e.getMessage()
                            + "); correct cacert, cert, key or verify in section "
                            + section,
                    e);
        } catch (IOException e) {
            LOG.debug("{} cannot be reached: {}", server, e.getMessage());
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw unusable(section, e);
        }
    }

    /** With TLS 1.3 a server rejects the client's certificate only after the handshake. */
    private static void listen(SSLSocket socket) throws IOException {
        try {
            socket.getInputStream().read();
        } catch (SocketTimeoutException e) {
            LOG.trace("the server waits for a request: it is content");
        }
    }

    private SSLContext context() throws IOException, GeneralSecurityException {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust(), null);
        return context;
    }

    private TrustManager[] trust() throws IOException, GeneralSecurityException {
        if (!files.verify()) {
            return new TrustManager[] {new TrustEveryone()};
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (authorities.isEmpty()) {
            factory.init((KeyStore) null);
            return factory.getTrustManagers();
        }
        KeyStore store = emptyStore();
        for (X509Certificate authority : authorities) {
            store.setCertificateEntry("ca" + store.size(), authority);
        }
        factory.init(store);
        return factory.getTrustManagers();
    }
}
