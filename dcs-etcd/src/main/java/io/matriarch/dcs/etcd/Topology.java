package io.matriarch.dcs.etcd;

import io.etcd.jetcd.cluster.Member;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Ticker;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the list of endpoints up to date from DNS and from the store's own list of members. Its
 * methods block on name services and on the store: they belong on the watch's thread.
 */
final class Topology {
    private static final Logger LOG = LoggerFactory.getLogger(Topology.class);
    private static final Duration BUDGET = Duration.ofSeconds(5);

    private final EtcdSettings settings;
    private final Endpoints endpoints;
    private final Calls calls;
    private final Ticker ticker;
    private final Optional<OldKeySpace> oldKeys;

    Topology(
            EtcdSettings settings,
            Endpoints endpoints,
            Calls calls,
            Ticker ticker,
            Optional<OldKeySpace> oldKeys) {
        this.settings = settings;
        this.endpoints = endpoints;
        this.calls = calls;
        this.ticker = ticker;
        this.oldKeys = oldKeys;
    }

    /** Asks the name services again; what they do not answer stays as it was. */
    void resolve() {
        List<Endpoint> found =
                settings.srvDomain()
                        .map(domain -> SrvLookup.endpoints(domain, settings.srvSuffix()))
                        .orElse(List.of());
        List<Endpoint> named = found.isEmpty() ? settings.endpoints() : found;
        if (!named.isEmpty()) {
            endpoints.configured(named.stream().flatMap(Topology::addresses).distinct().toList());
        }
    }

    /** Behind a plain name may stand several servers; a certificate is issued for the name. */
    private static Stream<Endpoint> addresses(Endpoint endpoint) {
        if (endpoint.tls()) {
            return Stream.of(endpoint);
        }
        try {
            InetAddress[] all = InetAddress.getAllByName(unbracketed(endpoint.host()));
            return all.length < 2
                    ? Stream.of(endpoint)
                    : Arrays.stream(all).map(address -> at(endpoint, address));
        } catch (UnknownHostException e) {
            LOG.warn("the name {} of etcd is not known: {}", endpoint.host(), e.getMessage());
            return Stream.of(endpoint);
        }
    }

    private static Endpoint at(Endpoint endpoint, InetAddress address) {
        String literal = address.getHostAddress();
        return new Endpoint(
                false, literal.contains(":") ? "[" + literal + "]" : literal, endpoint.port());
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Asks the store where its members serve clients, and looks for keys of etcd v2. */
    void discover() {
        oldKeys.ifPresent(old -> old.warn(Deadline.after(ticker, BUDGET)));
        if (!settings.discover()) {
            return;
        }
        List<Endpoint> found = new ArrayList<>();
        List<Member> members =
                calls.call(
                                "listing the members of etcd",
                                Calls.Repeat.READ,
                                Deadline.after(ticker, BUDGET),
                                client -> client.getClusterClient().listMember())
                        .getMembers();
        for (Member member : members) {
            // A learner answers no linearizable read.
            if (!member.isLearner()) {
                member.getClientURIs().stream()
                        .flatMap(uri -> endpoint(uri).stream())
                        .forEach(found::add);
            }
        }
        endpoints.discovered(found.stream().distinct().toList());
    }

    private static Optional<Endpoint> endpoint(URI uri) {
        try {
            return Optional.of(Endpoint.of(uri, Endpoint.DEFAULT_PORT));
        } catch (IllegalArgumentException e) {
            LOG.debug("etcd names {}, which this client cannot use", uri, e);
            return Optional.empty();
        }
    }
}
