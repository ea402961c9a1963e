package io.matriarch.dcs.consul;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.tls.Pem;
import io.matriarch.spi.tls.TrustEveryone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS from PEM files, which are read for each new set of connections, so that rotated certificates
 * need no restart. Belongs to one {@link Connections}, which guards it.
 */
final class Tls {
    private static final char[] NO_PASSWORD = {};

    private final ConsulSettings.TlsFiles files;
    private List<FileTime> read = List.of();

    Tls(ConsulSettings.TlsFiles files) {
        this.files = files;
    }

    boolean verifies() {
        return files.verify();
    }

    /** Whether a file was replaced since {@link #context} read it. */
    boolean changed() {
        return !read.equals(times());
    }

    SSLContext context() {
        read = times();
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity(), trust(), null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new DcsException.Misconfigured(
                    "the files for TLS to Consul cannot be used ("
                            + e
                            + "); correct cacert, cert or key, or the file",
                    e);
        }
    }

    /** Null stands for the authorities that the JDK trusts: so the JDK's own API wants it. */
    private TrustManager[] trust() throws IOException, GeneralSecurityException {
        if (!files.verify()) {
            return new TrustManager[] {new TrustEveryone()};
        }
        if (files.authority().isEmpty()) {
            return null;
        }
        KeyStore authorities = emptyStore();
        for (X509Certificate authority : Pem.certificates(files.authority().get())) {
            authorities.setCertificateEntry("ca" + authorities.size(), authority);
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return factory.getTrustManagers();
    }

    private KeyManager[] identity() throws IOException, GeneralSecurityException {
        if (files.certificate().isEmpty()) {
            return new KeyManager[0];
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
        return factory.getKeyManagers();
    }

    /** Lives in memory only. */
    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private List<FileTime> times() {
        List<FileTime> times = new ArrayList<>();
        Stream.of(files.authority(), files.certificate(), files.key())
                .flatMap(java.util.Optional::stream)
                .forEach(file -> times.add(time(file)));
        return times;
    }

    private static FileTime time(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            // Being replaced, or missing: context() says so when it is needed.
            return FileTime.fromMillis(0);
        }
    }
}
