package io.matriarch.conformance.live;

import io.matriarch.conformance.Link;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Somebody else's store: only the way to it can be spoiled. */
final class LiveControl implements StoreControl {
    private final DcsProvider provider;
    private final Section section;
    private final List<InetSocketAddress> servers;

    private LiveControl(DcsProvider provider, Section section, List<InetSocketAddress> servers) {
        this.provider = provider;
        this.section = section;
        this.servers = servers;
    }

    /** Nothing can be done unless the plug-in can be led through proxies. */
    static StoreControl of(DcsProvider provider, Section section) {
        List<InetSocketAddress> servers = new ArrayList<>();
        Optional<Section> rerouted =
                provider.rerouted(
                        section,
                        server -> {
                            servers.add(server);
                            return server;
                        });
        return rerouted.isPresent() && !servers.isEmpty()
                ? new LiveControl(provider, section, List.copyOf(servers))
                : StoreControl.none();
    }

    @Override
    public Set<Ability> abilities() {
        return Set.of(Ability.LINK);
    }

    @Override
    public Link link() {
        return Link.through(servers, this::through);
    }

    /** The plug-in asks for the servers in the same order each time. */
    private Section through(List<InetSocketAddress> proxies) {
        Iterator<InetSocketAddress> next = proxies.iterator();
        return provider.rerouted(section, server -> next.next()).orElseThrow();
    }
}
