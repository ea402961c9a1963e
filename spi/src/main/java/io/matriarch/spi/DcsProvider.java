package io.matriarch.spi;

import java.util.Set;

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
}
