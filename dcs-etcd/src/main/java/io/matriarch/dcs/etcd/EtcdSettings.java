package io.matriarch.dcs.etcd;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The YAML section, checked.
 *
 * @param endpoints what the operator wrote; the fallback if a domain is given
 * @param srvDomain the domain whose SRV records name the endpoints
 * @param srvSuffix appended to each service name of the SRV lookup
 * @param discover whether the store is asked for the addresses of its members
 * @param credentials user name and password
 * @param tls files for TLS
 * @param alias whether the section was {@code etcd}
 */
record EtcdSettings(
        List<Endpoint> endpoints,
        Optional<String> srvDomain,
        Optional<String> srvSuffix,
        boolean discover,
        Optional<Credentials> credentials,
        TlsFiles tls,
        boolean alias) {

    /** A user of etcd. */
    record Credentials(String user, String password) {
        @Override
        public String toString() {
            return "user " + user;
        }
    }

    /** PEM files; the key may stand in the certificate's file. */
    record TlsFiles(Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {}

    static EtcdSettings of(Section section) {
        boolean tls = protocol(section);
        int port = section.integer("port", Endpoint.DEFAULT_PORT);
        Optional<String> proxy = section.text("proxy");
        Optional<String> url = section.text("url");
        Optional<String> srv = section.firstText("srv", "discovery_srv", "srv_domain");
        List<Endpoint> endpoints = endpoints(section, proxy.or(() -> url), tls, port);
        if (endpoints.isEmpty() && srv.isEmpty()) {
            throw new DcsException.Misconfigured(
                    section.name()
                            + " names no address of etcd; set one of host, hosts, url, proxy or srv");
        }
        return new EtcdSettings(
                endpoints,
                proxy.isPresent() || url.isPresent() ? Optional.empty() : srv,
                section.text("srv_suffix"),
                proxy.isEmpty() && !section.flag("use_proxies", false),
                credentials(section, proxy.or(() -> url)),
                tlsFiles(section),
                section.name().equals(EtcdProvider.ALIAS));
    }

    private static boolean protocol(Section section) {
        String protocol = section.text("protocol").orElse("http");
        if (!protocol.equals("http") && !protocol.equals("https")) {
            throw new DcsException.Misconfigured(
                    section.name()
                            + ".protocol must be http or https; correct it in the YAML file");
        }
        return protocol.equals("https");
    }

    private static List<Endpoint> endpoints(
            Section section, Optional<String> url, boolean tls, int port) {
        if (url.isPresent()) {
            return List.of(Endpoint.parse(url.get(), tls, Endpoint.DEFAULT_PORT));
        }
        List<String> hosts = section.list("hosts");
        if (hosts.isEmpty()) {
            hosts = section.list("host");
        }
        return hosts.stream().map(host -> Endpoint.parse(host, tls, port)).distinct().toList();
    }

    /** A URL replaces the user of the section, also by none: so does the peer. */
    private static Optional<Credentials> credentials(Section section, Optional<String> url) {
        Optional<String> user = section.text("username");
        Optional<String> password = section.text("password");
        if (url.isPresent()) {
            String info = Optional.ofNullable(URI.create(url.get()).getUserInfo()).orElse("");
            int colon = info.indexOf(':');
            user = colon > 0 ? Optional.of(info.substring(0, colon)) : Optional.empty();
            password = colon > 0 ? Optional.of(info.substring(colon + 1)) : Optional.empty();
        }
        if (user.isPresent() != password.isPresent()) {
            throw new DcsException.Misconfigured(
                    section.name()
                            + " has only one of username and password; set both or none of them");
        }
        String secret = password.orElse("");
        return user.map(name -> new Credentials(name, secret));
    }

    private static TlsFiles tlsFiles(Section section) {
        TlsFiles files =
                new TlsFiles(
                        section.text("cacert").map(Path::of),
                        section.text("cert").map(Path::of),
                        section.text("key").map(Path::of));
        if (files.key().isPresent() && files.certificate().isEmpty()) {
            throw new DcsException.Misconfigured(
                    section.name()
                            + ".key is set without cert; set cert to the certificate's file");
        }
        return files;
    }

    /**
     * The same store by other ways, without asking it for its addresses. Not with TLS, where the
     * certificates name the servers, nor where DNS names them.
     */
    Optional<Section> rerouted(String name, UnaryOperator<InetSocketAddress> way) {
        if (srvDomain.isPresent() || endpoints.stream().anyMatch(Endpoint::tls)) {
            return Optional.empty();
        }
        String hosts =
                endpoints.stream()
                        .map(server -> new InetSocketAddress(server.host(), server.port()))
                        .map(way)
                        .map(to -> to.getHostString() + ":" + to.getPort())
                        .collect(Collectors.joining(","));
        Map<String, Object> values = new HashMap<>(Map.of("hosts", hosts, "use_proxies", true));
        credentials.ifPresent(
                known -> {
                    values.put("username", known.user());
                    values.put("password", known.password());
                });
        return Optional.of(new Section(name, values));
    }
}
