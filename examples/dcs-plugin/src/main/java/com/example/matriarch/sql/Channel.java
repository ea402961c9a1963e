package com.example.matriarch.sql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The channel of a scope's notifications: names of channels are short, scopes need not be. */
final class Channel {
    private Channel() {}

    /** As {@code channel} in {@code schema.sql}. */
    static String of(String scope) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("MD5")
                            .digest(scope.getBytes(StandardCharsets.UTF_8));
            return "matriarch_" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
