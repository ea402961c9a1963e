package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/**
 * The YAML section, checked.
 *
 * @param section its name, for messages
 * @param hosts the servers, unresolved
 * @param tls files for TLS, if it is on
 * @param acl who may do what with every znode that is created
 * @param auths scheme to credential, shown to the server on each connection
 */
record ZooKeeperSettings(
        String section,
        List<InetSocketAddress> hosts,
        Optional<TlsFiles> tls,
        List<ACL> acl,
        Map<String, String> auths) {
    private static final int DEFAULT_PORT = 2181;

    /**
     * PEM files; the key may stand in the certificate's file.
     *
     * @param keyPassword of an encrypted key
     * @param verify whether the server has to prove who it is
     */
    record TlsFiles(
            Optional<Path> authority,
            Optional<Path> certificate,
            Optional<Path> key,
            Optional<String> keyPassword,
            boolean verify) {
        @Override
        public String toString() {
            return "TLS files " + certificate;
        }
    }

    static ZooKeeperSettings of(Section section) {
        List<InetSocketAddress> hosts = new ArrayList<>();
        section.list("hosts").forEach(text -> hosts.add(host(section, text)));
        if (hosts.isEmpty()) {
            throw wrong(section, "hosts names no server; set it to a list of host:port");
        }
        return new ZooKeeperSettings(
                section.name(), List.copyOf(hosts), tls(section), acl(section), auths(section));
    }

    /** As the library wants it; the addresses that count are those of {@link Hosts}. */
    String connectString() {
        return hosts.stream()
                .map(host -> text(host.getHostString(), host.getPort()))
                .collect(Collectors.joining(","));
    }

    /**
     * The same servers by other ways, for the key {@code hosts}. If certificates are verified, each
     * way must end at the host that its server's names: another port of the same machine.
     */
    Optional<List<String>> rerouted(UnaryOperator<InetSocketAddress> way) {
        boolean named = tls.filter(TlsFiles::verify).isPresent();
        List<String> others = new ArrayList<>();
        for (InetSocketAddress host : hosts) {
            InetSocketAddress own = new InetSocketAddress(host.getHostString(), host.getPort());
            InetSocketAddress other = way.apply(own);
            if (named && !Objects.equals(own.getAddress(), other.getAddress())) {
                return Optional.empty();
            }
            others.add(text(named ? host.getHostString() : other.getHostString(), other.getPort()));
        }
        return Optional.of(others);
    }

    private static String text(String host, int port) {
        return bracketed(host) + ":" + port;
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private static InetSocketAddress host(Section section, String text) {
        int bracket = text.lastIndexOf(']');
        int colon = text.lastIndexOf(':');
        boolean bareV6 = bracket < 0 && text.indexOf(':') != colon;
        boolean port = colon > bracket && !bareV6;
        String name = port ? text.substring(0, colon) : text;
        if (name.startsWith("[") && name.endsWith("]")) {
            name = name.substring(1, name.length() - 1);
        }
        if (name.isBlank() || name.contains("/")) {
            throw wrong(section, "hosts: '" + text + "' is not host:port");
        }
        try {
            int number = port ? Integer.parseInt(text.substring(colon + 1)) : DEFAULT_PORT;
            return InetSocketAddress.createUnresolved(name, number);
        } catch (IllegalArgumentException e) {
            throw wrong(section, "hosts: '" + text + "' is not host:port");
        }
    }

    private static Optional<TlsFiles> tls(Section section) {
        if (!section.flag("use_ssl", false)) {
            return Optional.empty();
        }
        Optional<Path> certificate = section.text("cert").map(Path::of);
        Optional<Path> key = section.text("key").map(Path::of);
        if (key.isPresent() && certificate.isEmpty()) {
            throw wrong(section, "key is set without cert; set both");
        }
        return Optional.of(
                new TlsFiles(
                        section.text("cacert").map(Path::of),
                        certificate,
                        key,
                        section.text("key_password"),
                        section.flag("verify", true)));
    }

    private static Map<String, String> auths(Section section) {
        Map<String, String> auths = new TreeMap<>();
        section.map("auth_data").forEach((scheme, value) -> auths.put(scheme, value.toString()));
        return auths;
    }

    private static List<ACL> acl(Section section) {
        List<ACL> all = new ArrayList<>();
        new TreeMap<>(section.map("set_acls"))
                .forEach((principal, allowed) -> all.add(acl(section, principal, allowed)));
        return all.isEmpty() ? ZooDefs.Ids.OPEN_ACL_UNSAFE : List.copyOf(all);
    }

    /** A principal without a scheme is the subject of a client's certificate. */
    private static ACL acl(Section section, String principal, Object allowed) {
        int colon = principal.indexOf(':');
        String scheme = colon < 0 ? "x509" : principal.substring(0, colon);
        Id id = new Id(scheme, principal.substring(colon + 1));
        List<?> words = allowed instanceof List<?> list ? list : List.of(allowed);
        int permissions = 0;
        for (Object word : words) {
            permissions |= permission(section, word.toString().trim());
        }
        return new ACL(permissions, id);
    }

    private static int permission(Section section, String word) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "CREATE" -> ZooDefs.Perms.CREATE;
            case "READ" -> ZooDefs.Perms.READ;
            case "WRITE" -> ZooDefs.Perms.WRITE;
            case "DELETE" -> ZooDefs.Perms.DELETE;
            case "ADMIN" -> ZooDefs.Perms.ADMIN;
            case "ALL" -> ZooDefs.Perms.ALL;
            default ->
                    throw wrong(
                            section,
                            "set_acls: '"
                                    + word
                                    + "' is none of CREATE, READ, WRITE, DELETE, ADMIN, ALL");
        };
    }

    private static DcsException.Misconfigured wrong(Section section, String what) {
        return new DcsException.Misconfigured(
                section.name() + "." + what + "; correct it in the YAML file");
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return section + " " + connectString();
    }
}
