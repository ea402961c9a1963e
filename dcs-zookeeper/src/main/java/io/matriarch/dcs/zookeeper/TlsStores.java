package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.DcsException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS for ZooKeeper's client, which wants its keys in files of its own kind: made from the PEM
 * files in a private folder, sealed with a password that only this process knows, and made anew
 * before each connection, so that rotated certificates need no restart.
 *
 * <p>The client says nothing about why TLS failed but in its log. So the second attempt to connect
 * is preceded by one of our own, whose failure is a clear sentence. With {@code verify} off, the
 * certificate that such an attempt is shown is the one that is trusted.
 *
 * <p>Safe for use by any thread.
 */
final class TlsStores implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsStores.class);

    private final Optional<ZooKeeperSettings.TlsFiles> files;
    private final String section;
    private final String password = HexFormat.of().formatHex(random());
    private Optional<Path> folder = Optional.empty();
    private boolean closed;
    private volatile Optional<DcsException.Misconfigured> distrusted = Optional.empty();

    TlsStores(ZooKeeperSettings settings) {
        this.files = settings.tls();
        this.section = settings.section();
    }

    private static byte[] random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /**
     * How the library connects.
     *
     * @throws DcsException.Misconfigured if the files cannot be used
     */
    synchronized ZKClientConfig config() {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        if (files.isEmpty()) {
            return config;
        }
        config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
        config.setProperty(
                ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET,
                "org.apache.zookeeper.ClientCnxnSocketNetty");
        TlsProbe probe = probe();
        store(Optional.empty(), probe);
        try (ClientX509Util names = new ClientX509Util()) {
            config.setProperty(
                    names.getSslHostnameVerificationEnabledProperty(),
                    Boolean.toString(files.get().verify()));
            if (files.get().certificate().isPresent()) {
                config.setProperty(names.getSslKeystoreLocationProperty(), file("own"));
                config.setProperty(names.getSslKeystorePasswdProperty(), password);
                config.setProperty(names.getSslKeystoreTypeProperty(), "PKCS12");
            }
            if (ownTrust()) {
                config.setProperty(names.getSslTruststoreLocationProperty(), file("trusted"));
                config.setProperty(names.getSslTruststorePasswdProperty(), password);
                config.setProperty(names.getSslTruststoreTypeProperty(), "PKCS12");
            }
        }
        return config;
    }

    /** Without cacert the authorities that Java knows are trusted. */
    private boolean ownTrust() {
        return files.orElseThrow().authority().isPresent() || !files.get().verify();
    }

    private String file(String name) {
        return folder.orElseThrow().resolve(name + ".p12").toString();
    }

    /** Called on the sending thread of the library, which may be held up a little. */
    void beforeAttempt(InetSocketAddress server, boolean again) {
        if (files.isEmpty()) {
            return;
        }
        try {
            TlsProbe probe = probe();
            boolean shown = !files.get().verify();
            Optional<X509Certificate> certificate =
                    shown || again ? probe.ask(server) : Optional.empty();
            store(shown ? certificate : Optional.empty(), probe);
        } catch (DcsException.Misconfigured e) {
            distrusted = Optional.of(e);
        }
    }

    private TlsProbe probe() {
        return TlsProbe.of(files.orElseThrow(), section);
    }

    /** The library is through: whatever was wrong is not any more. */
    void connected() {
        distrusted = Optional.empty();
    }

    /** Why TLS cannot be had, if that is known. */
    Optional<DcsException.Misconfigured> distrusted() {
        return distrusted;
    }

    private synchronized void store(Optional<X509Certificate> shown, TlsProbe probe) {
        if (closed) {
            return;
        }
        try {
            if (folder.isEmpty()) {
                folder = Optional.of(Files.createTempDirectory("zookeeper-tls"));
            }
            KeyStore own = probe.own(password);
            KeyStore trusted = TlsProbe.emptyStore();
            List<X509Certificate> authorities =
                    files.orElseThrow().verify() ? probe.authorities() : shown.stream().toList();
            for (Certificate authority : authorities) {
                trusted.setCertificateEntry("trusted" + trusted.size(), authority);
            }
            write(own, file("own"));
            if (trusted.size() > 0 || !Files.exists(Path.of(file("trusted")))) {
                write(trusted, file("trusted"));
            }
        } catch (IOException | GeneralSecurityException e) {
            throw TlsProbe.unusable(section, e);
        }
    }

    private void write(KeyStore store, String file) throws IOException, GeneralSecurityException {
        try (OutputStream out = Files.newOutputStream(Path.of(file))) {
            store.store(out, password.toCharArray());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (folder.isEmpty()) {
            return;
        }
        try {
            Files.deleteIfExists(Path.of(file("own")));
            Files.deleteIfExists(Path.of(file("trusted")));
            Files.deleteIfExists(folder.get());
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", folder.get(), e.toString());
        }
    }
}
