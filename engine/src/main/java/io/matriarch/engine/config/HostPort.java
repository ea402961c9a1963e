package io.matriarch.engine.config;

import java.util.List;

/**
 * One or several hosts with one port. An IPv6 address has no brackets here.
 *
 * @param hosts at least one
 */
public record HostPort(List<String> hosts, int port) {
    public HostPort {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("no host");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("no such port: " + port);
        }
    }

    /**
     * Splits at the last colon; brackets are stripped, hosts are separated by commas, a missing
     * port becomes the default.
     *
     * @throws IllegalArgumentException if the text has no host or the port is no number
     */
    public static HostPort parse(String text, int defaultPort) {
        String trimmed = text.trim();
        int colon = trimmed.lastIndexOf(':');
        boolean hasPort = colon >= 0 && trimmed.indexOf(']', colon) < 0;
        String hosts = hasPort ? trimmed.substring(0, colon) : trimmed;
        int port = hasPort ? port(trimmed.substring(colon + 1), text) : defaultPort;
        return new HostPort(
                java.util.Arrays.stream(hosts.split(","))
                        .map(String::trim)
                        .map(
                                host ->
                                        host.startsWith("[") && host.endsWith("]")
                                                ? host.substring(1, host.length() - 1)
                                                : host)
                        .filter(host -> !host.isEmpty())
                        .toList(),
                port);
    }

    private static int port(String text, String whole) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + whole + "\" has no usable port", e);
        }
    }

    public String host() {
        return hosts.get(0);
    }

    /** {@code host:port} of the first host, with brackets around an IPv6 address. */
    @Override
    public String toString() {
        return (host().contains(":") ? "[" + host() + "]" : host()) + ":" + port;
    }
}
