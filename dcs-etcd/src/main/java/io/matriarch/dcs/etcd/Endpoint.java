package io.matriarch.dcs.etcd;

import io.matriarch.spi.DcsException;
import java.net.URI;
import java.util.Optional;

/** One address on which etcd serves clients. */
record Endpoint(boolean tls, String host, int port) {
    static final int DEFAULT_PORT = 2379;

    /** {@code host}, {@code host:port}, {@code [v6]:port} or a URL, as an operator writes them. */
    static Endpoint parse(String text, boolean tls, int defaultPort) {
        String url = text.contains("://") ? text : (tls ? "https://" : "http://") + bracketed(text);
        try {
            return of(URI.create(url), defaultPort);
        } catch (IllegalArgumentException e) {
            throw new DcsException.Misconfigured(
                    "'"
                            + withoutUser(text)
                            + "' is not an address of etcd; write host:port or"
                            + " http(s)://host:port",
                    e);
        }
    }

    static Endpoint of(URI uri, int defaultPort) {
        String scheme = Optional.ofNullable(uri.getScheme()).orElse("");
        if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("no http or https URL with a host");
        }
        return new Endpoint(
                scheme.equals("https"),
                uri.getHost(),
                uri.getPort() < 0 ? defaultPort : uri.getPort());
    }

    /** A bare IPv6 address has several colons and no brackets; a URL needs them. */
    private static String bracketed(String text) {
        boolean bareV6 = !text.startsWith("[") && text.indexOf(':') != text.lastIndexOf(':');
        return bareV6 ? "[" + text + "]" : text;
    }

    private static String withoutUser(String text) {
        return text.substring(text.lastIndexOf('@') + 1);
    }

    /** The name that the gRPC resolver takes; resolved anew with each connection. */
    String target() {
        return "dns:///" + host + ":" + port;
    }

    String url() {
        return (tls ? "https://" : "http://") + host + ":" + port;
    }

    @Override
    public String toString() {
        return url();
    }
}
