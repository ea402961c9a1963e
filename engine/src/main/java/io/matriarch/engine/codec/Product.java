package io.matriarch.engine.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The two versions that a member publishes. */
public final class Product {
    /**
     * The version of the peer that this member behaves like. Peers branch on it, so it holds
     * nothing but dotted integers.
     */
    public static final String PEER_VERSION = "4.1.4";

    private static final String UNKNOWN = "unknown";
    private static final String VERSION = read();

    private Product() {}

    /** The own version, as the build stamped it; {@code unknown} if it did not. */
    public static String version() {
        return VERSION;
    }

    private static String read() {
        try (InputStream in = Product.class.getResourceAsStream("product.properties")) {
            if (in == null) {
                return UNKNOWN;
            }
            Properties properties = new Properties();
            properties.load(in);
            String version = properties.getProperty("version", UNKNOWN);
            return version.startsWith("$") ? UNKNOWN : version;
        } catch (IOException e) {
            throw new UncheckedIOException("the own version cannot be read from the jar", e);
        }
    }
}
