package io.matriarch.dcs.consul;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.MemberEntry;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The member as a service of the local agent ({@code register_service}), so that clients find the
 * primary by Consul's DNS. It follows the member record, is written when it changed or the last
 * attempt failed, and never costs the member record anything. Used by one thread at a time.
 */
final class ServiceRecord {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRecord.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int LONGEST_NAME = 230;
    private static final int DEFAULT_PORT = 5432;
    private static final Set<String> ROLES = Set.of("primary", "replica", "standby_leader");

    /** How many session ttls a service may be critical before Consul removes it. */
    private static final int TTLS = 10;

    private final String scope;
    private final String id;
    private final ConsulSettings.Registration how;
    private final Calls calls;

    /** What the agent holds: a registration, or none. Not known after a failure. */
    private Optional<Optional<String>> standing = Optional.empty();

    ServiceRecord(String scope, String member, ConsulSettings.Registration how, Calls calls) {
        this.scope = scope;
        this.id = scope + "/" + member;
        this.how = how;
        this.calls = calls;
    }

    /**
     * Brings the registration in line with the member record.
     *
     * @param sessionTtl by which Consul's patience with a service that is down is counted
     */
    synchronized void keep(MemberEntry me, Duration sessionTtl, Deadline deadline) {
        try {
            keep(wanted(me, sessionTtl), deadline);
        } catch (IllegalArgumentException e) {
            LOG.warn("the service {} was not registered: {}", id, e.getMessage());
        }
    }

    private void keep(Optional<Optional<String>> wanted, Deadline deadline) {
        if (wanted.isEmpty() || wanted.equals(standing)) {
            return;
        }
        standing = Optional.empty();
        try {
            Answer answer =
                    calls.callAgent(
                            "registering the service",
                            request(wanted.get()),
                            deadline.atMost(PATIENCE));
            // An agent that does not know the service has nothing to remove.
            if (answer.ok() || answer.missing() && wanted.get().isEmpty()) {
                standing = wanted;
            } else {
                LOG.warn("the service {} was not registered: {}", id, answer);
            }
        } catch (DcsException e) {
            LOG.warn("the service {} was not registered: {}", id, e.getMessage());
        }
    }

    private Ask request(Optional<String> body) {
        return body.map(json -> Ask.put("/v1/agent/service/register", json))
                .orElseGet(() -> Ask.put("/v1/agent/service/deregister/" + Ask.encoded(id), ""));
    }

    /** A registration, an end of it, or neither in a state that passes. */
    private Optional<Optional<String>> wanted(MemberEntry me, Duration sessionTtl) {
        if (me.state().equals("stopped")) {
            return Optional.of(Optional.empty());
        }
        if (!me.state().equals("running") || !ROLES.contains(me.role())) {
            return Optional.empty();
        }
        Map<String, String> fields = me.value().fields();
        Optional<URI> server = Optional.ofNullable(fields.get("conn_url")).map(URI::create);
        Optional<URI> api = Optional.ofNullable(fields.get("api_url")).map(URI::create);
        if (server.isEmpty() || api.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Optional.of(body(me.role(), server.get(), api.get(), sessionTtl)));
    }

    private String body(String role, URI server, URI api, Duration sessionTtl) {
        JsonObject check = new JsonObject();
        check.addProperty("HTTP", api.resolve("/" + role).toString());
        check.addProperty("Interval", how.interval());
        check.addProperty(
                "DeregisterCriticalServiceAfter", Session.text(sessionTtl.multipliedBy(TTLS)));
        how.tlsServerName().ifPresent(name -> check.addProperty("TLSServerName", name));
        JsonArray tags = new JsonArray();
        how.tags().forEach(tags::add);
        tags.add(role.replace('_', '-'));
        if (role.equals("primary")) {
            tags.add("master");
        }
        JsonObject service = new JsonObject();
        service.addProperty("ID", id);
        service.addProperty("Name", serviceName(scope));
        Authority place = Authority.of(server);
        service.addProperty("Address", place.host().replaceAll("[\\[\\]]", ""));
        service.addProperty("Port", place.port() < 0 ? DEFAULT_PORT : place.port());
        service.add("Tags", tags);
        service.addProperty("EnableTagOverride", true);
        service.add("Check", check);
        return service.toString();
    }

    /** A name that DNS allows, made from the scope as the peer makes it. */
    static String serviceName(String scope) {
        StringBuilder name = new StringBuilder();
        scope.toLowerCase(Locale.ROOT)
                .codePoints()
                .forEach(
                        c -> {
                            if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
                                name.appendCodePoint(c);
                            } else if (c == '.' || c == '_' || c == ' ') {
                                name.append('-');
                            } else {
                                name.append(String.format(Locale.ROOT, "u%04d", c));
                            }
                        });
        return name.substring(0, Math.min(LONGEST_NAME, name.length()));
    }
}
