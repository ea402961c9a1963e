package io.matriarch.spi;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A backend, found by {@link java.util.ServiceLoader}. Loading it touches no class of the store's
 * client library: only {@link #open} does.
 */
public interface DcsProvider {
    /**
     * The version of this SPI. It grows when a plug-in that was built before no longer fits; a
     * plug-in's jar names the one that it was built for in its manifest, as {@code Matriarch-SPI}.
     */
    int SPI_VERSION = 1;

    /** The name of the YAML section that selects this backend. */
    String name();

    /** Other section names that select it, each with one warning. */
    default Set<String> aliases() {
        return Set.of();
    }

    /**
     * Opens the backend. Does not wait for the store: a store that cannot be reached is reported by
     * the first call, not here.
     *
     * @throws DcsException.Misconfigured if a setting is unusable
     */
    Dcs open(DcsConfig config, DcsListener listener);

    /**
     * The section that reaches the same store by other ways, so that the conformance kit can put a
     * proxy before each server and cut it. Opens nothing. The proxies are on this machine: a
     * certificate that names another one is a reason to return nothing, unless the client can be
     * told to expect that name.
     *
     * @param way gives the address to use instead of a server's own
     * @return a section that leads over these ways and over no other; empty if the store cannot be
     *     reached so, for example because its certificates name the servers
     * @throws DcsException.Misconfigured if a setting is unusable
     */
    default Optional<Section> rerouted(Section section, UnaryOperator<InetSocketAddress> way) {
        return Optional.empty();
    }
}
