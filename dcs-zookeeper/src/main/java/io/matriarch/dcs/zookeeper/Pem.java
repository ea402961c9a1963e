package io.matriarch.dcs.zookeeper;

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
 */
final class Pem {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");
    private static final Pattern KEY =
            Pattern.compile(
                    "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([^-]+)-----END \\1-----");

    /** AlgorithmIdentifier rsaEncryption with NULL parameters. */
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072a8648ce3d0201");

    private Pem() {}

    static List<X509Certificate> certificates(Path file)
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
     * @param password of a key in the encrypted form of PKCS#8
     */
    static PrivateKey key(Path file, Optional<String> password)
            throws IOException, GeneralSecurityException {
        Matcher matcher = KEY.matcher(Files.readString(file));
        if (!matcher.find()) {
            throw new GeneralSecurityException(file + " holds no private key in PEM");
        }
        String body = matcher.group(2);
        if (body.contains("ENCRYPTED")) {
            throw new GeneralSecurityException(
                    file
                            + " holds a key in OpenSSL's old encrypted form; convert it with"
                            + " openssl pkcs8 -topk8");
        }
        byte[] der = Base64.getMimeDecoder().decode(body);
        switch (matcher.group(1)) {
            case "RSA PRIVATE KEY":
                return generate(pkcs8(RSA, der), "RSA");
            case "EC PRIVATE KEY":
                return generate(pkcs8(sequence(EC_PUBLIC_KEY, curve(der)), der), "EC");
            case "ENCRYPTED PRIVATE KEY":
                if (password.isEmpty()) {
                    throw new GeneralSecurityException(
                            file + " holds an encrypted key; set key_password");
                }
                return generate(decrypted(der, password.get()), "RSA", "EC", "EdDSA");
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
