package io.matriarch.engine.rest;

import java.io.ByteArrayOutputStream;

/**
 * Wraps the two older forms of private keys into PKCS#8, the only one that the JDK reads. DER is a
 * tree of (tag, length, content); only as much of it is known here as the wrapping needs.
 */
final class Der {
    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int PARAMETERS = 0xA0;
    private static final byte[] VERSION_0 = {INTEGER, 1, 0};

    /** rsaEncryption (1.2.840.113549.1.1.1) without parameters. */
    private static final byte[] RSA = {
        0x06,
        0x09,
        0x2A,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xF7,
        0x0D,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };

    /** ecPublicKey (1.2.840.10045.2.1); the curve follows as parameter. */
    private static final byte[] EC = {
        0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x02, 0x01
    };

    private Der() {}

    static byte[] pkcs8OfRsa(byte[] pkcs1) {
        return node(SEQUENCE, concat(VERSION_0, node(SEQUENCE, RSA), node(OCTETS, pkcs1)));
    }

    /** The curve is taken out of the key's own parameters. */
    static byte[] pkcs8OfEc(byte[] sec1) {
        return node(
                SEQUENCE,
                concat(VERSION_0, node(SEQUENCE, concat(EC, curve(sec1))), node(OCTETS, sec1)));
    }

    private static byte[] curve(byte[] sec1) {
        int at = contentStart(sec1, 0);
        while (at < sec1.length) {
            int content = contentStart(sec1, at);
            int end = content + length(sec1, at);
            if ((sec1[at] & 0xFF) == PARAMETERS && end <= sec1.length) {
                return java.util.Arrays.copyOfRange(sec1, content, end);
            }
            at = end;
        }
        throw new IllegalArgumentException(
                "the elliptic-curve key does not name its curve; convert it with openssl pkcs8"
                        + " -topk8");
    }

    private static int contentStart(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7F);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7F); i++) {
            length = length << 8 | der[at + 2 + i] & 0xFF;
        }
        return length;
    }

    private static byte[] node(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >>> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
