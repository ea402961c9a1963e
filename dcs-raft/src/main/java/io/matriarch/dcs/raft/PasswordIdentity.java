package io.matriarch.dcs.raft;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Makes a password into what TLS can check: a key pair that is computed from it. All who know the
 * password have the same key, and trust that key only. Whoever is let as far as a TLS handshake can
 * afterwards try passwords on the public key on their own machine, so that the password should be
 * long.
 */
final class PasswordIdentity {
    private static final byte[] SALT = "matriarch raft 1".getBytes(StandardCharsets.UTF_8);
    private static final int ROUNDS = 60_000;

    /** So many more bits than the order has that the remainder is even enough. */
    private static final int BITS = 384;

    private static final byte[] ECDSA_SHA256 = HexFormat.of().parseHex("300a06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");

    private final PrivateKey key;
    private final X509Certificate certificate;

    PasswordIdentity(String password) throws GeneralSecurityException {
        ECParameterSpec curve = curve();
        BigInteger secret =
                new BigInteger(1, stretched(password))
                        .mod(curve.getOrder().subtract(BigInteger.ONE))
                        .add(BigInteger.ONE);
        KeyFactory keys = KeyFactory.getInstance("EC");
        key = keys.generatePrivate(new ECPrivateKeySpec(secret, curve));
        ECPoint point = new CurvePoints(curve).times(secret);
        certificate = selfSigned(keys.generatePublic(new ECPublicKeySpec(point, curve)));
    }

    PrivateKey key() {
        return key;
    }

    X509Certificate certificate() {
        return certificate;
    }

    private static ECParameterSpec curve() throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    private static byte[] stretched(String password) throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), SALT, ROUNDS, BITS);
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(spec)
                .getEncoded();
    }

    private X509Certificate selfSigned(PublicKey publicKey) throws GeneralSecurityException {
        byte[] name =
                Der.sequence(
                        Der.set(
                                Der.sequence(
                                        COMMON_NAME,
                                        Der.tagged(
                                                0x0c,
                                                "matriarch".getBytes(StandardCharsets.UTF_8)))));
        byte[] validity = Der.sequence(time("20000101000000Z"), time("21991231235959Z"));
        byte[] body =
                Der.sequence(
                        Der.tagged(0xa0, Der.integer(BigInteger.TWO)),
                        Der.integer(BigInteger.ONE),
                        ECDSA_SHA256,
                        name,
                        validity,
                        name,
                        publicKey.getEncoded());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(body);
        byte[] whole = Der.sequence(body, ECDSA_SHA256, Der.bits(signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(whole));
    }

    private static byte[] time(String generalized) {
        return Der.tagged(0x18, generalized.getBytes(StandardCharsets.US_ASCII));
    }

    /** Adding points, which the JDK does not offer. Used once, with nobody there to time it. */
    private record CurvePoints(BigInteger p, BigInteger a, ECPoint base) {
        CurvePoints(ECParameterSpec curve) {
            this(
                    ((ECFieldFp) curve.getCurve().getField()).getP(),
                    curve.getCurve().getA(),
                    curve.getGenerator());
        }

        ECPoint times(BigInteger factor) {
            ECPoint sum = ECPoint.POINT_INFINITY;
            for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
                sum = plus(sum, sum);
                if (factor.testBit(bit)) {
                    sum = plus(sum, base);
                }
            }
            return sum;
        }

        private ECPoint plus(ECPoint one, ECPoint other) {
            if (one.equals(ECPoint.POINT_INFINITY)) {
                return other;
            }
            if (other.equals(ECPoint.POINT_INFINITY)) {
                return one;
            }
            BigInteger slope;
            if (one.equals(other)) {
                BigInteger square = one.getAffineX().pow(2).multiply(BigInteger.valueOf(3));
                slope = square.add(a).multiply(one.getAffineY().shiftLeft(1).modInverse(p));
            } else if (one.getAffineX().equals(other.getAffineX())) {
                return ECPoint.POINT_INFINITY;
            } else {
                BigInteger width = other.getAffineX().subtract(one.getAffineX());
                slope =
                        other.getAffineY()
                                .subtract(one.getAffineY())
                                .multiply(width.mod(p).modInverse(p));
            }
            BigInteger x =
                    slope.pow(2).subtract(one.getAffineX()).subtract(other.getAffineX()).mod(p);
            BigInteger y =
                    slope.multiply(one.getAffineX().subtract(x)).subtract(one.getAffineY()).mod(p);
            return new ECPoint(x, y);
        }
    }
}
