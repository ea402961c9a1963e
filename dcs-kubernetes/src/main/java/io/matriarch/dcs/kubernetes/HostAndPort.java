package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.net.URI;

/**
 * Another way to the API server.
 *
 * @param host in brackets if it is an address of IPv6
 */
record HostAndPort(String host, int port) {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    static HostAndPort parse(Section section, String text) {
        try {
            URI uri = URI.create("tcp://" + text);
            if (uri.getHost() != null
                    && uri.getPort() > 0
                    && text.equals(uri.getHost() + ":" + uri.getPort())) {
                return new HostAndPort(uri.getHost(), uri.getPort());
            }
            throw wrong(section, new IllegalArgumentException("not host:port"));
        } catch (IllegalArgumentException e) {
            throw wrong(section, e);
        }
    }

    private static DcsException.Misconfigured wrong(Section section, IllegalArgumentException e) {
        return new DcsException.Misconfigured(
                section.name() + ".api_server must be ADDRESS:PORT; correct it in the YAML file",
                e);
    }

    /** Where a URL leads. */
    static HostAndPort of(URI url) {
        int usual = "http".equals(url.getScheme()) ? HTTP : HTTPS;
        return new HostAndPort(url.getHost(), url.getPort() < 0 ? usual : url.getPort());
    }

    static HostAndPort of(InetSocketAddress address) {
        String host = address.getHostString();
        return new HostAndPort(host.contains(":") ? "[" + host + "]" : host, address.getPort());
    }

    InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
