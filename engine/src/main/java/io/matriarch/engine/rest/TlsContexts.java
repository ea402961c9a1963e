package io.matriarch.engine.rest;

import io.matriarch.engine.config.CtlConfig;
import io.matriarch.engine.config.RestApiConfig;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * TLS for both ends of the REST API. An unusable file is an {@link IllegalArgumentException} of one
 * sentence.
 */
public final class TlsContexts {
    private TlsContexts() {}

    /**
     * For the server.
     *
     * @throws IllegalArgumentException also if no certificate is configured
     */
    public static SSLContext server(RestApiConfig config) {
        Path cert =
                Path.of(
                        config.certFile()
                                .orElseThrow(
                                        () ->
                                                new IllegalArgumentException(
                                                        "restapi.certfile is not set")));
        KeyManager[] keys =
                keys(
                        Pem.keyStore(
                                cert,
                                config.keyFile().map(Path::of).orElse(cert),
                                config.keyFilePassword()));
        TrustManager[] trust =
                config.caFile().map(file -> trust(Pem.trustStore(Path.of(file)))).orElse(null);
        return context(keys, trust);
    }

    /**
     * For calls to REST servers.
     *
     * @param insecure servers are not verified; with a client certificate only their name is not
     */
    static SSLContext client(CtlConfig config, boolean insecure) {
        KeyManager[] keys =
                config.certFile()
                        .map(
                                file ->
                                        keys(
                                                Pem.keyStore(
                                                        Path.of(file),
                                                        Path.of(config.keyFile().orElse(file)),
                                                        config.keyFilePassword())))
                        .orElse(null);
        Optional<TrustManager[]> authorities =
                config.caCert().map(file -> trust(Pem.trustStore(Path.of(file))));
        if (!insecure) {
            return context(keys, authorities.orElse(null));
        }
        if (keys == null) {
            return context(null, new TrustManager[] {new NoName(Optional.empty())});
        }
        X509TrustManager chain = (X509TrustManager) authorities.orElseGet(() -> trust(null))[0];
        return context(keys, new TrustManager[] {new NoName(Optional.of(chain))});
    }

    private static KeyManager[] keys(KeyStore store) {
        try {
            KeyManagerFactory factory =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, new char[0]);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the private key cannot be used: " + e.getMessage(), e);
        }
    }

    /** Null stands for the authorities that the Java runtime trusts. */
    private static TrustManager[] trust(KeyStore store) {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the authorities cannot be used: " + e.getMessage(), e);
        }
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /**
     * Verifies the chain, if there is anything to verify it with, and never the host name: the
     * extended methods are where the JDK would check it.
     */
    private static final class NoName extends X509ExtendedTrustManager {
        private final Optional<X509TrustManager> chain;

        NoName(Optional<X509TrustManager> chain) {
            this.chain = chain;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String type)
                throws CertificateException {
            if (chain.isPresent()) {
                chain.get().checkServerTrusted(certificates, type);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String type, Socket socket)
                throws CertificateException {
            checkServerTrusted(certificates, type);
        }

        @Override
        public void checkServerTrusted(
                X509Certificate[] certificates, String type, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(certificates, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String type)
                throws CertificateException {
            throw new CertificateException("this end is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String type, Socket socket)
                throws CertificateException {
            checkClientTrusted(certificates, type);
        }

        @Override
        public void checkClientTrusted(
                X509Certificate[] certificates, String type, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(certificates, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
