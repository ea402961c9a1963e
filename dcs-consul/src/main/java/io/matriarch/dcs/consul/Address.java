package io.matriarch.dcs.consul;

import io.matriarch.spi.DcsException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;

/** Where the agent serves its HTTP API. */
record Address(boolean tls, String host, int port) {
    static final int DEFAULT_PORT = 8500;

    /** {@code host}, {@code host:port}, {@code [v6]:port} or a URL, as an operator writes them. */
    static Address parse(String text, boolean tls, int defaultPort) {
        String url = text.contains("://") ? text : (tls ? "https://" : "http://") + bracketed(text);
        try {
            return of(URI.create(url), defaultPort);
        } catch (IllegalArgumentException e) {
            throw new DcsException.Misconfigured(
                    "'"
                            + text.substring(text.lastIndexOf('@') + 1)
                            + "' is not an address of a Consul agent; write host:port or"
                            + " http(s)://host:port",
                    e);
        }
    }

    static Address of(boolean tls, InetSocketAddress address) {
        return new Address(tls, bracketed(address.getHostString()), address.getPort());
    }

    private static Address of(URI uri, int defaultPort) {
        String scheme = Optional.ofNullable(uri.getScheme()).orElse("");
        if (!(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("no http or https URL");
        }
        Authority place = Authority.of(uri);
        return new Address(
                scheme.equals("https"),
                place.host(),
                place.port() < 0 ? defaultPort : place.port());
    }

    /** A bare IPv6 address has several colons and no brackets; a URL needs them. */
    private static String bracketed(String text) {
        boolean bareV6 = !text.startsWith("[") && text.indexOf(':') != text.lastIndexOf(':');
        return bareV6 ? "[" + text + "]" : text;
    }

    /** The form that consul-api takes: with the scheme, without the port. */
    String schemeAndHost() {
        return (tls ? "https://" : "http://") + host;
    }

    @Override
    public String toString() {
        return schemeAndHost() + ":" + port;
    }
}
