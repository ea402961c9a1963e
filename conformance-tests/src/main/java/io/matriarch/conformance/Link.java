package io.matriarch.conformance;

import io.matriarch.conformance.proxy.FaultProxy;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The way between one client and the store, which the kit can spoil. For a store that listens on
 * TCP it is {@link #through}; an embedded one brings its own.
 *
 * <p>One fault is in force at a time; each replaces the one before. Methods take effect before they
 * return.
 */
public interface Link extends AutoCloseable {
    /** The section that opens a client over this link, and over nothing else. */
    Section section();

    /** Nothing arrives and nothing comes back; connections stay and new ones are accepted. */
    void blackHole();

    /** Requests arrive at the store, replies do not come back. */
    void dropReplies();

    /** Connections are reset, and new ones refused or reset. */
    void cut();

    /**
     * Requests do not arrive, what the store says of itself does. A link that cannot tell the
     * directions apart takes both.
     */
    default void dropRequests() {
        blackHole();
    }

    /**
     * Connections that there are fall silent and never end; new ones work. A link that has no
     * connections breaks for a moment.
     */
    default void halfOpen() {
        reset();
    }

    /** Connections that there are break; new ones work. */
    default void reset() {
        cut();
        heal();
    }

    /** Each reply arrives this much later. */
    void delayReplies(Duration delay);

    /** Replies arrive one byte at a time, too slowly for any deadline. */
    void trickleReplies();

    /** Ends the fault. */
    void heal();

    @Override
    void close();

    /**
     * A fault proxy before each server.
     *
     * @param servers where the store listens
     * @param section makes the section from the addresses of the proxies, in the order of {@code
     *     servers}; it must keep the client from finding the servers themselves
     */
    static Link through(
            List<InetSocketAddress> servers, Function<List<InetSocketAddress>, Section> section) {
        List<FaultProxy> proxies = servers.stream().map(FaultProxy::before).toList();
        return new ProxyLink(
                proxies, section.apply(proxies.stream().map(FaultProxy::address).toList()));
    }

    /**
     * A fault proxy before each server that the section leads to, as far as the plug-in can be led
     * through proxies.
     *
     * @return empty if {@link DcsProvider#rerouted} is
     * @throws io.matriarch.spi.DcsException.Misconfigured if a setting is unusable
     */
    static Optional<Link> through(DcsProvider provider, Section section) {
        Map<InetSocketAddress, FaultProxy> proxies = new LinkedHashMap<>();
        Optional<Link> link = Optional.empty();
        try {
            link =
                    provider.rerouted(
                                    section,
                                    server ->
                                            proxies.computeIfAbsent(server, FaultProxy::before)
                                                    .address())
                            .filter(rerouted -> !proxies.isEmpty())
                            .map(
                                    rerouted ->
                                            new ProxyLink(List.copyOf(proxies.values()), rerouted));
            return link;
        } finally {
            if (link.isEmpty()) {
                proxies.values().forEach(FaultProxy::close);
            }
        }
    }
}
