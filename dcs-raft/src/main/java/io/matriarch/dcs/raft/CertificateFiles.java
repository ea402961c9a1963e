package io.matriarch.dcs.raft;

import io.matriarch.spi.tls.Pem;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates and a key that are read again when their files change, so that the next connection
 * uses them and nobody has to be restarted. Files that cannot be used leave what was read before in
 * force. Thread-safe.
 */
final class CertificateFiles {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);

    private record Loaded(
            List<FileTime> times,
            X509ExtendedKeyManager identity,
            X509ExtendedTrustManager trust) {}

    private final RaftSettings.TlsFiles files;
    private Loaded loaded;

    /** Fails if the files cannot be used now. */
    CertificateFiles(RaftSettings.TlsFiles files) throws IOException, GeneralSecurityException {
        this.files = files;
        this.loaded = load(files, times(files));
    }

    private static List<FileTime> times(RaftSettings.TlsFiles files) throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (Path file : List.of(files.authority(), files.certificate(), files.key())) {
            times.add(Files.getLastModifiedTime(file));
        }
        return times;
    }

    private static Loaded load(RaftSettings.TlsFiles files, List<FileTime> times)
            throws IOException, GeneralSecurityException {
        KeyStore authorities = Security.emptyStore();
        for (X509Certificate authority : Pem.certificates(files.authority())) {
            authorities.setCertificateEntry("ca" + authorities.size(), authority);
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        X509Certificate[] chain =
                Pem.certificates(files.certificate()).toArray(X509Certificate[]::new);
        return new Loaded(
                times,
                Security.identity(Pem.key(files.key()), chain),
                (X509ExtendedTrustManager) trust.getTrustManagers()[0]);
    }

    private synchronized Loaded current() {
        try {
            List<FileTime> times = times(files);
            if (!times.equals(loaded.times())) {
                loaded = load(files, times);
                LOG.info("the certificates of section raft were read again");
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.warn(
                    "the changed files for TLS between members cannot be used, those that were read"
                            + " before stay in force: {}",
                    e.toString());
        }
        return loaded;
    }

    X509ExtendedKeyManager identity() {
        return new Identity();
    }

    X509ExtendedTrustManager trust() {
        return new Trust();
    }

    private final class Identity extends X509ExtendedKeyManager {
        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return current().identity().getClientAliases(type, issuers);
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return current().identity().chooseClientAlias(types, issuers, socket);
        }

        @Override
        public String chooseEngineClientAlias(
                String[] types, Principal[] issuers, SSLEngine engine) {
            return current().identity().chooseEngineClientAlias(types, issuers, engine);
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return current().identity().getServerAliases(type, issuers);
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return current().identity().chooseServerAlias(type, issuers, socket);
        }

        @Override
        public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            return current().identity().chooseEngineServerAlias(type, issuers, engine);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return current().identity().getCertificateChain(alias);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return current().identity().getPrivateKey(alias);
        }
    }

    private final class Trust extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            current().trust().checkClientTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            current().trust().checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            current().trust().checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            current().trust().checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            current().trust().checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            current().trust().checkServerTrusted(chain, type, engine);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return current().trust().getAcceptedIssuers();
        }
    }
}
