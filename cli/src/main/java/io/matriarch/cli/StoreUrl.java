package io.matriarch.cli;

import io.matriarch.spi.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The value of {@code --dcs-url}. It stands for the whole section of the file, so user names and
 * certificates of the file's section do not apply.
 *
 * @param section what a backend is opened with
 * @param namespace the path of the URL, if it has one
 */
record StoreUrl(Section section, Optional<String> namespace) {
    /** Backends whose section takes a list of servers. */
    private static final List<String> OF_HOSTS = List.of("zookeeper", "exhibitor");

    private static final List<String> OF_ONE_HOST = List.of("etcd", "etcd3", "consul");
    private static final Map<Integer, String> BY_PORT =
            Map.of(2181, "zookeeper", 8181, "exhibitor", 8500, "consul");
    private static final Map<String, Integer> PORTS =
            Map.of(
                    "etcd",
                    2379,
                    "etcd3",
                    2379,
                    "consul",
                    8500,
                    "zookeeper",
                    2181,
                    "exhibitor",
                    8181);

    /**
     * @throws CtlError if the URL names no known store
     */
    static StoreUrl parse(String text) {
        boolean schemed = text.contains("://");
        URI uri = uri(schemed ? text : "//" + text, text);
        String host = uri.getHost() == null ? "localhost" : uri.getHost();
        String scheme = schemed ? uri.getScheme() : BY_PORT.getOrDefault(uri.getPort(), "etcd3");
        if (!PORTS.containsKey(scheme)) {
            throw new CtlError("Unknown dcs scheme: " + scheme);
        }
        int port = uri.getPort() < 0 ? PORTS.get(scheme) : uri.getPort();
        String path = uri.getPath() == null ? "" : uri.getPath().replaceAll("^/+|/+$", "");
        return new StoreUrl(
                new Section(scheme, address(scheme, host, port)),
                Optional.of(path).filter(given -> !given.isEmpty()).map(given -> "/" + given));
    }

    private static URI uri(String parsed, String shown) {
        try {
            return new URI(parsed);
        } catch (URISyntaxException e) {
            throw new CtlError("The store's URL " + shown + " is not usable", e);
        }
    }

    private static Map<String, Object> address(String scheme, String host, int port) {
        if (OF_ONE_HOST.contains(scheme)) {
            return Map.of("host", host + ":" + port);
        }
        return OF_HOSTS.get(0).equals(scheme)
                ? Map.of("hosts", List.of(host + ":" + port))
                : Map.of("hosts", List.of(host), "port", port);
    }
}
