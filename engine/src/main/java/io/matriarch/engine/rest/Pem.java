package io.matriarch.engine.rest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Certificates and private keys in PEM files, read with the JDK's own classes. Files may hold
 * several blocks and text between them. Every failure is an {@link IllegalArgumentException} of one
 * sentence that names the file.
 */
public final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z0-9 ]+)-----\\s*(.*?)-----END \\1-----", Pattern.DOTALL);

    private Pem() {}

    /** All certificates of a file, in order; at least one. */
    public static List<X509Certificate> certificates(Path file) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> certificates = new ArrayList<>();
            for (Block block : blocks(file)) {
                if (block.label().endsWith("CERTIFICATE")) {
                    certificates.add(
                            (X509Certificate)
                                    factory.generateCertificate(
                                            new ByteArrayInputStream(block.bytes())));
                }
            }
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException(file + " holds no certificate in PEM form");
            }
            return certificates;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "cannot read a certificate of " + file + ": " + e.getMessage(), e);
        }
    }

    /** The first private key of a file: PKCS#8 (also encrypted), PKCS#1 or SEC1. */
    public static PrivateKey privateKey(Path file, Optional<String> password) {
        try {
            for (Block block : blocks(file)) {
                switch (block.label()) {
                    case "PRIVATE KEY":
                        return key(block.bytes(), file);
                    case "RSA PRIVATE KEY":
                        return key(Der.pkcs8OfRsa(plain(block, file)), file);
                    case "EC PRIVATE KEY":
                        return key(Der.pkcs8OfEc(plain(block, file)), file);
                    case "ENCRYPTED PRIVATE KEY":
                        return key(decrypt(block.bytes(), password, file), file);
                    default:
                        break;
                }
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "cannot read the private key of " + file + ": " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(file + " holds no private key in PEM form");
    }

    /** A key store, in memory, with one key and its chain. */
    static KeyStore keyStore(Path certFile, Path keyFile, Optional<String> password) {
        PrivateKey key = privateKey(keyFile, password);
        Certificate[] chain = certificates(certFile).toArray(new Certificate[0]);
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setKeyEntry("key", key, new char[0], chain);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "the key of " + keyFile + " cannot be used with the certificate of " + certFile,
                    e);
        }
    }

    /** A key store, in memory, with certificates to trust. */
    static KeyStore trustStore(Path file) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate certificate : certificates(file)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "the certificates of " + file + " cannot be used as authorities", e);
        }
    }

    private static byte[] plain(Block block, Path file) {
        if (block.encryptedOldStyle()) {
            throw new IllegalArgumentException(
                    file
                            + " holds a private key encrypted in the old OpenSSL style; convert it"
                            + " with openssl pkcs8 -topk8");
        }
        return block.bytes();
    }

    private static byte[] decrypt(byte[] der, Optional<String> password, Path file)
            throws GeneralSecurityException, IOException {
        if (password.isEmpty()) {
            throw new IllegalArgumentException(
                    file
                            + " holds an encrypted private key, but no keyfile_password is configured");
        }
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
        // For PBES2 the algorithm's usable name is only found in its parameters.
        String algorithm =
                info.getAlgName().startsWith("PBES2")
                                || info.getAlgName().startsWith("1.2.840.113549.1.5.13")
                        ? info.getAlgParameters().toString()
                        : info.getAlgName();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm)
                        .generateSecret(new PBEKeySpec(password.get().toCharArray())),
                info.getAlgParameters());
        return info.getKeySpec(cipher).getEncoded();
    }

    private static PrivateKey key(byte[] pkcs8, Path file) throws GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC", "EdDSA", "RSASSA-PSS")) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // The form does not say which algorithm it is for; the next one may fit.
                continue;
            }
        }
        throw new IllegalArgumentException(
                file + " holds a private key of a kind that is not supported");
    }

    private static List<Block> blocks(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file + ": " + reason(e), e);
        }
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            String body = matcher.group(2);
            blocks.add(
                    new Block(
                            matcher.group(1),
                            body.contains("ENCRYPTED"),
                            body.contains(":")
                                    ? new byte[0]
                                    : Base64.getMimeDecoder().decode(body)));
        }
        return blocks;
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.NoSuchFileException
                ? "there is no such file"
                : e instanceof java.nio.file.AccessDeniedException
                        ? "permission denied"
                        : String.valueOf(e.getMessage());
    }

    private record Block(String label, boolean encryptedOldStyle, byte[] bytes) {}
}
