package io.matriarch.dcs.kubernetes;

import java.net.URI;

/**
 * One address of the API.
 *
 * @param base without a slash at the end
 * @param named whether its certificate must name this address
 */
record Server(String base, boolean named) {
    static Server configured(URI address) {
        String text = address.toString();
        return new Server(text.endsWith("/") ? text.substring(0, text.length() - 1) : text, true);
    }

    /** The same API by another way, which no certificate names. */
    static Server rerouted(URI address, HostAndPort way) {
        String scheme = address.getScheme();
        return new Server(
                configured(URI.create(scheme + "://" + way + address.getRawPath())).base, false);
    }

    /** An API server as its Endpoints list it. */
    static Server behindService(String ip, int port) {
        return new Server(
                "https://" + (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port, false);
    }

    URI at(String target) {
        return URI.create(base + target);
    }

    @Override
    public String toString() {
        return base;
    }
}
