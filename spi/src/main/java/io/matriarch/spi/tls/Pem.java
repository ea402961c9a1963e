package io.matriarch.spi.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Certificates and keys as OpenSSL writes them. The JDK reads keys only as PKCS#8; the two older
 * forms are wrapped into it.
 *
 * <p>A file may hold several blocks and text between them. It is read anew by each call, nothing is
 * kept, and any thread may call. A file that cannot be used ends in one of three exceptions, which
 * a backend turns into {@link io.matriarch.spi.DcsException.Misconfigured} alike: {@link
 * IOException}, it cannot be read as text; {@link GeneralSecurityException}, what was looked for is
 * not in it or is no good; {@link IllegalArgumentException}, a key is not in base 64.
 */
public final class Pem {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");

    /** Single hyphens stand in the headers of a key that was encrypted in the old form. */
    private static final Pattern KEY =
            Pattern.compile(
                    "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----"
                            + "([^-]+(?:-[^-]+)*)-----END \\1-----");

    /** AlgorithmIdentifier rsaEncryption with NULL parameters. */
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072a8648ce3d0201");

    private Pem() {}

    /**
     * All certificates of a file, in its order; at least one.
     *
     * @throws IOException if the file cannot be read
     * @throws GeneralSecurityException if it holds no certificate, or one that is spoilt
     */
    public static List<X509Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> found = new ArrayList<>();
        Matcher matcher = CERTIFICATE.matcher(Files.readString(file));
        while (matcher.find()) {
            try (InputStream one =
                    new ByteArrayInputStream(matcher.group().getBytes(StandardCharsets.US_ASCII))) {
                found.add((X509Certificate) factory.generateCertificate(one));
            }
        }
        if (found.isEmpty()) {
            throw new GeneralSecurityException(file + " holds no certificate in PEM");
        }
        return found;
    }

    /**
     * The first private key of a file, for a backend that has no setting for a password: PKCS#8, or
     * the older forms of an RSA or EC key, not encrypted.
     *
     * @throws IOException if the file cannot be read
     * @throws GeneralSecurityException if it holds no key, or one that is encrypted or spoilt
     * @throws IllegalArgumentException if the key is not in base 64
     */
    public static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        Block block = keyBlock(file);
        if (block.sealed() || block.sealedTheOldWay()) {
            throw new GeneralSecurityException(
                    file + " holds an encrypted key; store it without a passphrase");
        }
        return open(block);
    }

    /**
     * The first private key of a file, as {@link #key(Path)}, or encrypted in the form of PKCS#8.
     *
     * @param setting the name of the setting that holds the password, for the sentence that asks
     *     for it
     * @param password looked at only if the key is encrypted
     * @throws IOException if the file cannot be read
     * @throws GeneralSecurityException if it holds no key, if the key is encrypted and the password
     *     is missing or wrong, or if it is encrypted in OpenSSL's old form
     * @throws IllegalArgumentException if the key is not in base 64
     */
    public static PrivateKey key(Path file, String setting, Optional<String> password)
            throws IOException, GeneralSecurityException {
        Block block = keyBlock(file);
        if (block.sealedTheOldWay()) {
            throw new GeneralSecurityException(
                    file
                            + " holds a key in OpenSSL's old encrypted form; convert it with"
                            + " openssl pkcs8 -topk8");
        }
        if (!block.sealed()) {
            return open(block);
        }
        byte[] der = block.der();
        if (password.isEmpty()) {
            throw new GeneralSecurityException(file + " holds an encrypted key; set " + setting);
        }
        return generate(decrypted(der, password.get()), "RSA", "EC", "EdDSA");
    }

    /** What stands between the lines of a key, and what the first of them calls it. */
    private record Block(String label, String body) {
        boolean sealed() {
            return label.startsWith("ENCRYPTED");
        }

        boolean sealedTheOldWay() {
            return body.contains("ENCRYPTED");
        }

        byte[] der() {
            return Base64.getMimeDecoder().decode(body);
        }
    }

    private static Block keyBlock(Path file) throws IOException, GeneralSecurityException {
        Matcher matcher = KEY.matcher(Files.readString(file));
        if (!matcher.find()) {
            throw new GeneralSecurityException(file + " holds no private key in PEM");
        }
        return new Block(matcher.group(1), matcher.group(2));
    }

    private static PrivateKey open(Block block) throws GeneralSecurityException {
        byte[] der = block.der();
        switch (block.label()) {
            case "RSA PRIVATE KEY":
                return generate(pkcs8(RSA, der), "RSA");
            case "EC PRIVATE KEY":
                return generate(pkcs8(sequence(EC_PUBLIC_KEY, curve(der)), der), "EC");
            default:
                return generate(der, "RSA", "EC", "EdDSA");
        }
    }

    private static byte[] decrypted(byte[] der, String password)
            throws IOException, GeneralSecurityException {
        EncryptedPrivateKeyInfo sealed = new EncryptedPrivateKeyInfo(der);
        // With PBES2 the name of the algorithm proper stands in its parameters.
        String algorithm = sealed.getAlgName();
        if (algorithm.equals("PBES2") || algorithm.equals("1.2.840.113549.1.5.13")) {
            algorithm = sealed.getAlgParameters().toString();
        }
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm)
                        .generateSecret(new PBEKeySpec(password.toCharArray())),
                sealed.getAlgParameters());
        return sealed.getKeySpec(cipher).getEncoded();
    }

    private static PrivateKey generate(byte[] pkcs8, String... algorithms)
            throws GeneralSecurityException {
        InvalidKeySpecException last = new InvalidKeySpecException("no algorithm");
        for (String algorithm : algorithms) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // Another algorithm's key: the next one is tried, the last failure is thrown.
                last = e;
            }
        }
        throw last;
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return sequence(new byte[] {2, 1, 0}, algorithm, tagged(0x04, key));
    }

    /** The object identifier in the element [0] of an ECPrivateKey. */
    private static byte[] curve(byte[] der) throws GeneralSecurityException {
        for (int i = 0; i + 4 < der.length; i++) {
            boolean tag = (der[i] & 0xff) == 0xa0 && der[i + 2] == 0x06;
            if (tag && der[i + 1] == der[i + 3] + 2 && i + 4 + der[i + 3] <= der.length) {
                return Arrays.copyOfRange(der, i + 2, i + 4 + der[i + 3]);
            }
        }
        throw new GeneralSecurityException("the EC key names no curve");
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return tagged(0x30, all.toByteArray());
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 128) {
            out.write(content.length);
        } else if (content.length < 256) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length & 0xff);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
