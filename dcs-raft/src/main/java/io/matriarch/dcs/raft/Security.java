package io.matriarch.dcs.raft;

import io.matriarch.spi.DcsException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;

/**
 * How members and clients prove themselves to each other: by certificates of one authority, by a
 * password, or not at all. Both sides of a connection prove themselves always.
 */
final class Security {
    private static final char[] NO_PASSWORD = {};
    private static final Map<String, PasswordIdentity> COMPUTED = new ConcurrentHashMap<>();

    private Security() {}

    /** Empty if connections are neither encrypted nor checked. */
    static Optional<GrpcTlsConfig> of(RaftSettings settings) {
        try {
            if (settings.tls().isPresent()) {
                CertificateFiles files = new CertificateFiles(settings.tls().get());
                return Optional.of(mutual(files.identity(), files.trust()));
            }
            if (settings.password().isPresent()) {
                PasswordIdentity own = computed(settings.password().get());
                return Optional.of(
                        mutual(
                                identity(own.key(), own.certificate()),
                                new TrustOneKey(own.certificate().getPublicKey())));
            }
            return Optional.empty();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new DcsException.Misconfigured(
                    "the files for TLS between members cannot be used ("
                            + (e instanceof NoSuchFileException ? "there is no " : "")
                            + e.getMessage()
                            + "); correct raft.cafile, raft.certfile or raft.keyfile, or the file",
                    e);
        }
    }

    /** Computing it takes long, by design, and always gives the same key. */
    private static PasswordIdentity computed(String password) throws GeneralSecurityException {
        PasswordIdentity known = COMPUTED.get(password);
        if (known == null) {
            known = new PasswordIdentity(password);
            COMPUTED.put(password, known);
        }
        return known;
    }

    /** The JDK's own TLS: the bundled native one would have to be unpacked to be loaded. */
    private static GrpcTlsConfig mutual(KeyManager identity, TrustManager trust) {
        return GrpcTlsConfig.newBuilder()
                .setKeyManager(identity)
                .setTrustManager(trust)
                .setMutualTls(true)
                .setSslProvider(SslProvider.JDK)
                .build();
    }

    static X509ExtendedKeyManager identity(PrivateKey key, X509Certificate... chain)
            throws IOException, GeneralSecurityException {
        KeyStore own = emptyStore();
        own.setKeyEntry("own", key, NO_PASSWORD, chain);
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own, NO_PASSWORD);
        return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    }

    /** Lives in memory only. */
    static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }
}
