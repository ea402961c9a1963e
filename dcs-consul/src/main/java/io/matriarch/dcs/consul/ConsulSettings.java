package io.matriarch.dcs.consul;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The YAML section, checked.
 *
 * @param agent where the local agent listens
 * @param access the token, the data center and the consistency of reads
 * @param tls how the agent is identified, and this member to it
 * @param checks health checks that end the session when they fail; none by default, also not the
 *     one that Consul adds when nothing is said
 * @param registration how the member is registered as a service, if it is
 */
record ConsulSettings(
        Address agent,
        Access access,
        TlsFiles tls,
        List<String> checks,
        Optional<Registration> registration) {

    /** How reads are answered. */
    enum Consistency {
        /** By a leader that believes to be it. */
        DEFAULT,
        /** By a leader that has asked a quorum. */
        CONSISTENT,
        /** By any server. */
        STALE;

        private static Consistency of(Section section) {
            String text = section.text("consistency").orElse("default");
            try {
                return valueOf(text.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new DcsException.Misconfigured(
                        section.name()
                                + ".consistency must be default, consistent or stale; correct it in"
                                + " the YAML file",
                        e);
            }
        }
    }

    /** What goes along with each request. */
    record Access(Optional<String> token, Optional<String> datacenter, Consistency consistency) {
        /** Without the token. */
        @Override
        public String toString() {
            return "data center " + datacenter.orElse("of the agent") + ", " + consistency;
        }
    }

    /**
     * PEM files; the key may stand in the certificate's file.
     *
     * @param verify whether the agent's certificate is checked
     */
    record TlsFiles(
            boolean verify,
            Optional<Path> authority,
            Optional<Path> certificate,
            Optional<Path> key) {}

    /**
     * @param tags further tags of the service
     * @param interval of the health check, as Consul writes durations
     * @param tlsServerName the name that the check expects in the REST API's certificate
     */
    record Registration(List<String> tags, String interval, Optional<String> tlsServerName) {}

    static ConsulSettings of(Section section) {
        return new ConsulSettings(
                agent(section),
                new Access(section.text("token"), section.text("dc"), Consistency.of(section)),
                tls(section),
                section.list("checks"),
                registration(section));
    }

    private static Address agent(Section section) {
        Optional<String> url = section.text("url");
        if (url.isPresent()) {
            return Address.parse(url.get(), false, Address.DEFAULT_PORT);
        }
        String scheme = section.text("scheme").orElse("http");
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new DcsException.Misconfigured(
                    section.name() + ".scheme must be http or https; correct it in the YAML file");
        }
        return Address.parse(
                section.text("host").orElse("127.0.0.1"),
                scheme.equals("https"),
                section.integer("port", Address.DEFAULT_PORT));
    }

    private static TlsFiles tls(Section section) {
        Optional<Path> authority = section.text("cacert").map(Path::of);
        TlsFiles files =
                new TlsFiles(
                        authority.isPresent() || section.flag("verify", true),
                        authority,
                        section.text("cert").map(Path::of),
                        section.text("key").map(Path::of));
        if (files.key().isPresent() && files.certificate().isEmpty()) {
            throw new DcsException.Misconfigured(
                    section.name()
                            + ".key is set without cert; set cert to the certificate's file");
        }
        return files;
    }

    private static Optional<Registration> registration(Section section) {
        if (!section.flag("register_service", false)) {
            return Optional.empty();
        }
        return Optional.of(
                new Registration(
                        section.list("service_tags"),
                        section.text("service_check_interval").orElse("5s"),
                        section.text("service_check_tls_server_name")));
    }

    /**
     * The same agent by another way. If its certificate is verified, the way must end at the host
     * that it names: another port of the same machine, as a local agent has it.
     */
    Optional<Address> rerouted(UnaryOperator<InetSocketAddress> way) {
        InetSocketAddress own = new InetSocketAddress(agent.host(), agent.port());
        InetSocketAddress other = way.apply(own);
        if (!agent.tls() || !tls.verify()) {
            return Optional.of(Address.of(agent.tls(), other));
        }
        return Optional.of(new Address(true, agent.host(), other.getPort()))
                .filter(same -> Objects.equals(own.getAddress(), other.getAddress()));
    }
}
