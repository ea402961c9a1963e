package io.matriarch.spi.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that openssl itself writes are read by the tests of the backends. */
class PemTest {
    private static final int RSA_BITS = 1024;

    /** What PKCS#8 puts before an RSA key of {@link #RSA_BITS}. */
    private static final int RSA_HEADER = 26;

    private static final int P256_BYTES = 32;

    private static final String FIRST =
            """
            -----BEGIN CERTIFICATE-----
            MIIBdTCCARugAwIBAgIUFb8sSnCDKPFR0m+CfZk93YgpEpAwCgYIKoZIzj0EAwIw
            EDEOMAwGA1UEAwwFZmlyc3QwHhcNMjYxMTIzMTMwNzQ4WhcNMjYxMTI1MTMwNzQ4
            WjAQMQ4wDAYDVQQDDAVmaXJzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABK2S
            XxNNoDxSy9Mp6UZ+KY2sjv2pB1Dnra7yjw4SVBRSUn49yuVNI9pHiycbDZM/tWua
            N4EOYzV+/xpJ2rMLoIijUzBRMB0GA1UdDgQWBBT6xfueAMe0ecQJMzulqw5hmUCF
            DTAfBgNVHSMEGDAWgBT6xfueAMe0ecQJMzulqw5hmUCFDTAPBgNVHRMBAf8EBTAD
            AQH/MAoGCCqGSM49BAMCA0gAMEUCIQCJadwKhlETawMPwnOlQp7Nf+eBuZ2qV9zL
            MOCXhjHm2wIgbtmgeCDsyGYtcSR3ANkmVz8d3Z9+EE9omE0uiGYdMzY=
            -----END CERTIFICATE-----
            """;

    private static final String SECOND =
            """
            -----BEGIN CERTIFICATE-----
            MIIBdzCCAR2gAwIBAgIUSbq92vJekz99QZUiFTS6x4E+qD0wCgYIKoZIzj0EAwIw
            ETEPMA0GA1UEAwwGc2Vjb25kMB4XDTI2MTEyMzEzMDc0OFoXDTI2MTEyNTEzMDc0
            OFowETEPMA0GA1UEAwwGc2Vjb25kMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
            BIPaS8Q0Muar0aFyxLdGxzPDNUHHxg2aNHxlXDrmCrryRrAEhRAep9Q6OS/8XT00
            U+EijcpdTyk5BMeLB6ShNqNTMFEwHQYDVR0OBBYEFI6RmlDAHAs70CHDqFHe+Oms
            x6HmMB8GA1UdIwQYMBaAFI6RmlDAHAs70CHDqFHe+Omsx6HmMA8GA1UdEwEB/wQF
            MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgKMqTMmVuvVOptcmoNHoDtqG8T1xYK5CT
            j9CvowrojfYCIQCjWdCAIyEDnm9wJjlV/a/bXpp4b3cryyBzFE/gG5RlFA==
            -----END CERTIFICATE-----
            """;

    @TempDir Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("one.pem"), text);
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
                .formatted(label, Base64.getMimeEncoder().encodeToString(der));
    }

    private static PrivateKey rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS);
        return generator.generateKeyPair().getPrivate();
    }

    private static ECPrivateKey ec() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(P256_BYTES * Byte.SIZE);
        return (ECPrivateKey) generator.generateKeyPair().getPrivate();
    }

    /** RFC 5915: version, number, and in [0] the object identifier of P-256. */
    private static byte[] oldForm(ECPrivateKey key) {
        byte[] number = new byte[P256_BYTES];
        byte[] signed = key.getS().toByteArray();
        int taken = Math.min(signed.length, P256_BYTES);
        System.arraycopy(signed, signed.length - taken, number, P256_BYTES - taken, taken);
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.writeBytes(HexFormat.of().parseHex("30310201010420"));
        der.writeBytes(number);
        der.writeBytes(HexFormat.of().parseHex("a00a06082a8648ce3d030107"));
        return der.toByteArray();
    }

    private static String sealed(PrivateKey key, String password) throws Exception {
        String algorithm = "PBEWithHmacSHA256AndAES_256";
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm)
                        .generateSecret(new PBEKeySpec(password.toCharArray())));
        byte[] pbes2 = HexFormat.of().parseHex("06092a864886f70d01050d");
        byte[] how = der(0x30, pbes2, cipher.getParameters().getEncoded());
        byte[] what = der(0x04, cipher.doFinal(key.getEncoded()));
        return block("ENCRYPTED PRIVATE KEY", der(0x30, how, what));
    }

    /** The library's own class for this does not know the name of PBES2 in Java 17. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        whole.write(0x82);
        whole.write(content.size() >> 8);
        whole.write(content.size());
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    @Test
    void aChainIsReadInItsOrderWithTextBetween() throws Exception {
        assertThat(Pem.certificates(file("first\n" + FIRST + "\nsecond - and last\n" + SECOND)))
                .extracting(one -> one.getSubjectX500Principal().getName())
                .containsExactly("CN=first", "CN=second");
    }

    @Test
    void aFileWithoutACertificateIsNamed() throws Exception {
        Path file = file("nothing\n");
        assertThatThrownBy(() -> Pem.certificates(file))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage(file + " holds no certificate in PEM");
        assertThatThrownBy(() -> Pem.certificates(folder.resolve("missing.pem")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void keysAreReadInPkcs8AndInTheOlderForms() throws Exception {
        PrivateKey rsa = rsa();
        byte[] pkcs8 = rsa.getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, RSA_HEADER, pkcs8.length);
        assertThat(Pem.key(file(FIRST + block("PRIVATE KEY", pkcs8)))).isEqualTo(rsa);
        assertThat(Pem.key(file(block("RSA PRIVATE KEY", pkcs1) + FIRST))).isEqualTo(rsa);
        ECPrivateKey ec = ec();
        assertThat(Pem.key(file(block("PRIVATE KEY", ec.getEncoded())))).isEqualTo(ec);
        PrivateKey old = Pem.key(file(block("EC PRIVATE KEY", oldForm(ec))));
        assertThat(((ECPrivateKey) old).getS()).isEqualTo(ec.getS());
        PrivateKey edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
        assertThat(Pem.key(file(block("PRIVATE KEY", edwards.getEncoded())))).isEqualTo(edwards);
    }

    @Test
    void aKeyThatIsNotEncryptedNeedsNoPassword() throws Exception {
        ECPrivateKey key = ec();
        Path file = file(block("PRIVATE KEY", key.getEncoded()));
        assertThat(Pem.key(file, "secret", Optional.empty())).isEqualTo(key);
        assertThat(Pem.key(file, "secret", Optional.of("open"))).isEqualTo(key);
    }

    @Test
    void aSealedKeyIsOpenedWithItsPassword() throws Exception {
        PrivateKey key = ec();
        Path file = file(sealed(key, "open"));
        assertThat(Pem.key(file, "secret", Optional.of("open"))).isEqualTo(key);
        assertThatThrownBy(() -> Pem.key(file, "secret", Optional.of("shut")))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> Pem.key(file, "secret", Optional.empty()))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage(file + " holds an encrypted key; set secret");
        assertThatThrownBy(() -> Pem.key(file))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage(file + " holds an encrypted key; store it without a passphrase");
    }

    /** Its first lines hold hyphens, which no other key does. */
    @Test
    void aKeySealedTheOldWayIsToldFromNoKey() throws Exception {
        Path file =
                file(
                        """
                        -----BEGIN EC PRIVATE KEY-----
                        Proc-Type: 4,ENCRYPTED
                        DEK-Info: AES-128-CBC,1AEAAC15DBC97FAC

                        AAAA
                        -----END EC PRIVATE KEY-----
                        """);
        assertThatThrownBy(() -> Pem.key(file, "secret", Optional.of("open")))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("openssl pkcs8 -topk8");
        assertThatThrownBy(() -> Pem.key(file))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("store it without a passphrase");
    }

    @Test
    void aFileWithoutAGoodKeyIsRefused() throws Exception {
        Path none = file(FIRST);
        assertThatThrownBy(() -> Pem.key(none))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage(none + " holds no private key in PEM");
        Path spoilt = file(block("PRIVATE KEY", new byte[] {1, 2, 3}));
        assertThatThrownBy(() -> Pem.key(spoilt)).isInstanceOf(GeneralSecurityException.class);
        Path cut = file("-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> Pem.key(cut)).isInstanceOf(IllegalArgumentException.class);
    }
}
