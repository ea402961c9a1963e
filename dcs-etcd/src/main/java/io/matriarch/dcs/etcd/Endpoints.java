package io.matriarch.dcs.etcd;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints, in the order in which they are tried: the one that answered last, those that the
 * store itself names, those that the operator wrote. Safe for any thread.
 */
final class Endpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);

    private List<Endpoint> configured;
    private List<Endpoint> discovered = List.of();
    private Optional<Endpoint> current = Optional.empty();

    Endpoints(List<Endpoint> configured) {
        this.configured = shuffled(configured);
    }

    synchronized List<Endpoint> order() {
        Set<Endpoint> order = new LinkedHashSet<>();
        current.ifPresent(order::add);
        order.addAll(discovered);
        order.addAll(configured);
        return List.copyOf(order);
    }

    /** All of them, for a message. */
    String text() {
        return order().stream().map(Endpoint::toString).collect(Collectors.joining(", "));
    }

    /** Remembers who answered. */
    synchronized void answered(Endpoint endpoint) {
        if (current.filter(endpoint::equals).isPresent()) {
            return;
        }
        current.ifPresentOrElse(
                before -> LOG.info("switched from etcd endpoint {} to {}", before, endpoint),
                () -> LOG.info("using etcd endpoint {}", endpoint));
        current = Optional.of(endpoint);
    }

    synchronized void configured(Collection<Endpoint> found) {
        configured = shuffled(found);
    }

    /** What the store names; an empty answer changes nothing. */
    synchronized void discovered(Collection<Endpoint> found) {
        if (found.isEmpty() || Set.copyOf(found).equals(Set.copyOf(discovered))) {
            return;
        }
        discovered = shuffled(found);
        LOG.info("etcd serves clients at {}", found);
    }

    /** Members of one cluster should not all use the same endpoint. */
    private static List<Endpoint> shuffled(Collection<Endpoint> endpoints) {
        List<Endpoint> order = new ArrayList<>(endpoints);
        Collections.shuffle(order);
        return List.copyOf(order);
    }
}
