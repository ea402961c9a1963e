package io.matriarch.dcs.etcd;

import io.grpc.netty.GrpcSslContexts;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.tls.Pem;
import io.matriarch.spi.tls.TrustEveryone;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS from PEM files. The files are read for each new set of connections, so that rotated
 * certificates need no restart. {@link #context} and {@link #changed} belong to {@link
 * Connections}, which guards them; the rest is safe for any thread.
 */
final class Tls {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    private static final char[] NO_PASSWORD = {};

    private final EtcdSettings.TlsFiles files;
    private List<FileTime> read = List.of();

    Tls(EtcdSettings.TlsFiles files) {
        this.files = files;
        if (files.authority().isEmpty() && files.certificate().isPresent()) {
            LOG.warn("cacert is not set, so the certificate of etcd is not verified");
        }
    }

    /** Whether a file was replaced since {@link #context} read it. */
    boolean changed() {
        return !read.isEmpty() && !read.equals(times());
    }

    /** For the client library. */
    SslContext context() {
        read = times();
        return usable(
                () -> {
                    SslContextBuilder builder = GrpcSslContexts.forClient().trustManager(trust());
                    Optional<KeyManager> identity = identity();
                    identity.ifPresent(builder::keyManager);
                    return builder.build();
                });
    }

    /** For plain HTTP requests. */
    SSLContext forHttp() {
        return usable(
                () -> {
                    SSLContext context = SSLContext.getInstance("TLS");
                    KeyManager[] identities = identity().stream().toArray(KeyManager[]::new);
                    context.init(identities, new TrustManager[] {trust()}, null);
                    return context;
                });
    }

    private TrustManager trust() throws IOException, GeneralSecurityException {
        if (files.authority().isEmpty()) {
            // Encrypted, and nobody is identified: as the peer does.
            return new TrustEveryone();
        }
        KeyStore authorities = emptyStore();
        for (X509Certificate authority : Pem.certificates(files.authority().get())) {
            authorities.setCertificateEntry("ca" + authorities.size(), authority);
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return factory.getTrustManagers()[0];
    }

    private Optional<KeyManager> identity() throws IOException, GeneralSecurityException {
        if (files.certificate().isEmpty()) {
            return Optional.empty();
        }
        Path certificate = files.certificate().get();
        KeyStore own = emptyStore();
        own.setKeyEntry(
                "own",
                Pem.key(files.key().orElse(certificate)),
                NO_PASSWORD,
                Pem.certificates(certificate).toArray(X509Certificate[]::new));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own, NO_PASSWORD);
        return Optional.of(factory.getKeyManagers()[0]);
    }

    /** Lives in memory only. */
    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    /** Makes something from the files. */
    private interface Making<T> {
        T made() throws IOException, GeneralSecurityException;
    }

    private <T> T usable(Making<T> making) {
        try {
            return making.made();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new DcsException.Misconfigured(
                    "the files for TLS to etcd cannot be used ("
                            + e
                            + "); correct cacert, cert or key, or the file",
                    e);
        }
    }

    private List<FileTime> times() {
        List<FileTime> times = new ArrayList<>();
        for (Path file :
                Stream.of(files.authority(), files.certificate(), files.key())
                        .flatMap(Optional::stream)
                        .toList()) {
            try {
                times.add(Files.getLastModifiedTime(file));
            } catch (IOException e) {
                // Being replaced, or missing: context() says so when it is needed.
                times.add(FileTime.fromMillis(0));
            }
        }
        return times;
    }
}
