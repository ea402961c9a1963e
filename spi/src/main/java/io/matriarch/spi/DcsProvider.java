package io.matriarch.spi;

import java.util.Set;

/**
 * A backend, found by {@link java.util.ServiceLoader}. Loading it touches no class of the store's
 * client library: only {@link #open} does.
 */
public interface DcsProvider {
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
