package io.matriarch.dcs.consul;

import java.net.URI;

/**
 * Host and port of a URL. A host name with an underscore, as container tools make them, is no valid
 * host to {@link URI}, which then tells neither; the name system resolves it all the same.
 *
 * @param host an IPv6 address stands in brackets
 * @param port below 0 if none is given
 */
record Authority(String host, int port) {
    /**
     * @throws IllegalArgumentException if there is no host, or a port that is none
     */
    static Authority of(URI url) {
        if (url.getHost() != null) {
            return new Authority(url.getHost(), url.getPort());
        }
        String text = url.getRawAuthority() == null ? "" : url.getRawAuthority();
        String place = text.substring(text.lastIndexOf('@') + 1);
        int colon = place.lastIndexOf(':');
        String host = colon < 0 ? place : place.substring(0, colon);
        if (!host.matches("[A-Za-z0-9._-]+")) {
            throw new IllegalArgumentException("no host in " + place);
        }
        return new Authority(host, colon < 0 ? -1 : Integer.parseInt(place.substring(colon + 1)));
    }
}
